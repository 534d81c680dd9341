/** What a link leads to, as it is shown below a text; the small picture is in the protobuf alone. */
export interface LinkPreview {
  url: string;
  title?: string;
  description?: string;
}

/** Typefaces of text statuses. */
export const statusFonts = [
  'system',
  'system-text',
  'fb-script',
  'system-bold',
  'morning-breeze',
  'calistoga',
  'exo2',
  'courier-prime',
] as const;
export type StatusFont = (typeof statusFonts)[number];

/** Formatted words; WhatsApp's own marks (`*bold*`, `_italic_`, …) are part of them. */
export interface TextContent {
  type: 'text';
  text: string;
  linkPreview?: LinkPreview;
  /** Of a text status, `#RRGGBB` or `#RRGGBBAA`. */
  backgroundColor?: string;
  textColor?: string;
  font?: StatusFont;
}

/** A place on the map. */
export interface LocationContent {
  type: 'location';
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
  url?: string;
}

/** Where somebody is right now; updates are messages of their own with a higher `sequence`. */
export interface LiveLocationContent {
  type: 'live-location';
  latitude: number;
  longitude: number;
  accuracyMeters?: number;
  speedMetersPerSecond?: number;
  /** Clockwise from magnetic north. */
  headingDegrees?: number;
  caption?: string;
  sequence?: number;
  /** How long after the first position of this sharing. */
  elapsedSeconds?: number;
}

/** A business card. */
export interface SharedContact {
  name: string;
  vcard: string;
  /** waIds in the card, else its numbers as digits. */
  phones: string[];
}

export interface ContactsContent {
  type: 'contacts';
  contacts: SharedContact[];
}

export interface PollContent {
  type: 'poll';
  question: string;
  options: string[];
  /** How many options one person may choose. */
  maxAnswers: number;
}

export interface EventPlace {
  name?: string;
  address?: string;
  latitude?: number;
  longitude?: number;
}

/** An appointment that people accept or decline. Times are RFC 3339. */
export interface EventContent {
  type: 'event';
  name: string;
  description?: string;
  startsAt: string;
  endsAt?: string;
  location?: EventPlace;
  /** Link of the call that it is about. */
  joinLink?: string;
  isCall?: boolean;
  allowsExtraGuests?: boolean;
  isCanceled?: boolean;
}

/** An item of a business catalogue. Prices are in whole units of the currency, with up to three decimals. */
export interface ProductContent {
  type: 'product';
  productId: string;
  title: string;
  description?: string;
  currency?: string;
  price?: number;
  salePrice?: number;
  url?: string;
  retailerId?: string;
  /** waId of the business. */
  businessId?: string;
  body?: string;
  footer?: string;
}

export const orderStatuses = ['inquiry', 'accepted', 'declined'] as const;

export interface OrderItem {
  name: string;
  quantity: number;
  /** Of one. */
  price: number;
  currency?: string;
  imageUrl?: string;
}

export interface OrderContent {
  type: 'order';
  orderId: string;
  title?: string;
  itemCount?: number;
  status?: (typeof orderStatuses)[number];
  message?: string;
  /** waId of the business. */
  sellerId?: string;
  token?: string;
  total?: number;
  currency?: string;
  /** WhatsApp has no place for them: recipients read them below the message. */
  items?: OrderItem[];
  notes?: string;
}

export interface NewsletterInviteContent {
  type: 'newsletter-invite';
  newsletterId: string;
  name: string;
  /** What one is invited to be. */
  role: 'admin' | 'follower';
  caption?: string;
  expiresAt?: string;
}

export interface GroupInviteContent {
  type: 'group-invite';
  groupId: string;
  name: string;
  code: string;
  caption?: string;
  expiresAt?: string;
}

/** The head of an album; its pictures are messages of their own that name it. */
export interface AlbumContent {
  type: 'album';
  images: number;
  videos: number;
}

/** Tells somebody that they are mentioned in a status; it follows the status by itself. */
export interface StatusMentionContent {
  type: 'status-mention';
  /** WhatsApp's id of the status. */
  statusMessageId: string;
}

export interface CallLogContent {
  type: 'call-log';
  isVideo: boolean;
  outcome: string;
  durationSeconds?: number;
}

export interface ScheduledCallContent {
  type: 'scheduled-call';
  title?: string;
  startsAt: string;
  isVideo: boolean;
}

export interface PaymentContent {
  type: 'payment';
  kind: 'sent' | 'requested' | 'declined' | 'cancelled' | 'invited' | 'invoice';
  amount?: number;
  currency?: string;
  note?: string;
}

export interface StickerPackContent {
  type: 'sticker-pack';
  name: string;
  publisher?: string;
  caption?: string;
}

export interface PollResultsContent {
  type: 'poll-results';
  question: string;
  options: { name: string; votes: number }[];
}

/** Somebody asks for the phone number behind a LID. */
export interface PhoneNumberRequestContent {
  type: 'phone-number-request';
}

/** A message of a type that has no shape here; its protobuf is kept. */
export interface OtherContent {
  type: 'other';
}
