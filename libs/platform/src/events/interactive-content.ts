import type { MessageFile } from './media-content.js';

/** An amount in minor units: `value` / `offset` of the currency (2599 / 100 are 25.99). */
export interface Money {
  value: number;
  offset: number;
}

export const pixKeyTypes = ['PHONE', 'EMAIL', 'CPF', 'CNPJ', 'EVP'] as const;

/** Where a PIX payment goes. */
export interface PixKey {
  key: string;
  keyType: (typeof pixKeyTypes)[number];
  merchantName: string;
}

/** Answers with its `id`. */
export interface ReplyButton {
  type: 'reply';
  id: string;
  label: string;
}

export interface UrlButton {
  type: 'url';
  id?: string;
  label: string;
  url: string;
}

export interface CallButton {
  type: 'call';
  id?: string;
  label: string;
  /** With country code; digits alone. */
  phone: string;
}

export interface CopyButton {
  type: 'copy';
  id?: string;
  label: string;
  code: string;
}

export interface PixButton extends PixKey {
  type: 'pix';
  id?: string;
  label: string;
}

export interface PayItem {
  id?: string;
  name: string;
  quantity: number;
  amount: Money;
}

export interface ReviewAndPayButton {
  type: 'review-and-pay';
  id?: string;
  label: string;
  /** ISO 4217. */
  currency: string;
  referenceId: string;
  total: Money;
  items: PayItem[];
  pix?: PixKey;
}

/** A button of a `buttons` message or of a card. */
export type InteractiveButton = ReplyButton | UrlButton | CallButton | CopyButton | PixButton | ReviewAndPayButton;

export const headerMediaTypes = ['image', 'video', 'document'] as const;
export type HeaderMediaType = (typeof headerMediaTypes)[number];

/** What stands above the text. */
export interface InteractiveHeader {
  title?: string;
  subtitle?: string;
  /** It shows a file; which one, the `media` beside the header says. */
  media?: { type: HeaderMediaType; caption?: string };
}

/** A header and its file. */
export interface Headed {
  header?: InteractiveHeader;
  media?: MessageFile;
}

/** `native`: WhatsApp's newer form of interactive messages; `classic`: the older one. */
export const interactiveStyles = ['native', 'classic'] as const;
export type InteractiveStyle = (typeof interactiveStyles)[number];

export interface ListRow {
  id: string;
  title: string;
  description?: string;
}

export interface ListSection {
  title?: string;
  rows: ListRow[];
}

/** A button that opens a list of rows, of which one can be chosen. */
export interface ListContent {
  type: 'list';
  style: InteractiveStyle;
  text: string;
  title?: string;
  footer?: string;
  buttonText: string;
  sections: ListSection[];
  /** Products of a catalogue, when a business sends such a list. */
  products?: { title?: string; productIds: string[] }[];
}

export interface ButtonsContent extends Headed {
  type: 'buttons';
  style: InteractiveStyle;
  text: string;
  footer?: string;
  buttons: InteractiveButton[];
}

/** A button of WhatsApp's native flow, by the name and the parameters that WhatsApp gave it. */
export interface FlowButton {
  name: string;
  params: Record<string, unknown>;
}

/** A native flow message as it is: any buttons with any parameters. */
export interface FlowContent extends Headed {
  type: 'flow';
  text: string;
  footer?: string;
  version: number;
  params?: Record<string, unknown>;
  buttons: FlowButton[];
}

export interface CarouselCard extends Headed {
  text: string;
  footer?: string;
  buttons: InteractiveButton[];
}

/** Cards beside each other. */
export interface CarouselContent {
  type: 'carousel';
  text: string;
  footer?: string;
  cards: CarouselCard[];
}

/** A row of a list was chosen. */
export interface ListReplyContent {
  type: 'list-reply';
  /** Of the row. */
  id: string;
  text: string;
  description?: string;
}

/** A button was pressed. */
export interface ButtonReplyContent {
  type: 'button-reply';
  /** Of the button. */
  id: string;
  text: string;
}

/** A flow was completed, or another button of a native flow answered. */
export interface FlowReplyContent {
  type: 'flow-reply';
  /** Of the flow's button, as WhatsApp calls it. */
  name: string;
  text: string;
  params: Record<string, unknown>;
}

/** Messages with buttons, lists and cards, and what people answer to them. */
export type InteractiveContent =
  | ListContent
  | ButtonsContent
  | FlowContent
  | CarouselContent
  | ListReplyContent
  | ButtonReplyContent
  | FlowReplyContent;
