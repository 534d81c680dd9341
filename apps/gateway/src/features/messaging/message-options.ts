import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import type { MediaSource } from '@app/platform/media/media-kind.js';
import type { Priority } from './pace/pace.js';

/** A message that is not stored, as far as an answer has to show it. */
export interface QuotedKey {
  senderId?: string;
  fromMe?: boolean;
  text?: string;
}

/** How a message is sent, beside what it says. Absent fields ask for nothing. */
export interface SendOptions {
  /** Our id or WhatsApp's id of the message that this one replies to. */
  replyTo?: string;
  /** What is known of that message, for the case that it is not stored. */
  quoted?: QuotedKey;
  /** WhatsApp's id of the message, chosen by the caller. */
  messageId?: string;
  /** Ask WhatsApp first whether the number is there. */
  checkNumber?: boolean;
  isForwarded?: boolean;
  isViewOnce?: boolean;
  /** After how many seconds it disappears; 0 for never, whatever the chat says. */
  expirationSeconds?: number;
  /** waIds. */
  mentions?: string[];
  mentionAll?: boolean;
  /** Our id or WhatsApp's id of the album that the picture or video belongs to. */
  albumOf?: string;
  /** Of a status: who gets it. */
  audience?: string[];
  /** Look the first link of the text up. */
  linkPreview?: 'auto';
  /** URLs of pictures of the link preview or the order; the first that can be had is shown. */
  previewImages?: string[];
  /** The picture that is shown until the file is there. */
  thumbnail?: MediaSource;
  /** Create a link for a call and put it into the event. */
  call?: 'audio' | 'video';
  /** Our id or WhatsApp's id of the live location that this position updates. */
  updateOf?: string;
  /** Which goes first when the session sends by a pace. */
  priority?: Priority;
  /** Seconds in which the chat sees somebody type first; absent: as the session does. */
  typing?: number | 'auto';
  /** Tell destinations that it was sent; yes when absent. */
  echo?: boolean;
}

export const STATUS = 'status@broadcast';

/** Whether somebody can answer there: in people's and groups' chats, not in newsletters and statuses. */
export const isChat = (to: string): boolean => to !== STATUS && !to.endsWith('@newsletter');

const newsletterTypes = new Set<string>([
  'text',
  'image',
  'video',
  'gif',
  'audio',
  'voice',
  'document',
  'sticker',
  'poll',
]);
const statusTypes = new Set<string>(['text', 'image', 'video', 'gif', 'audio', 'voice']);

/** Options that mean nothing to the followers of a newsletter. */
const newsletterLacks = [
  'replyTo',
  'quoted',
  'isForwarded',
  'isViewOnce',
  'expirationSeconds',
  'mentions',
  'mentionAll',
  'thumbnail',
] as const;
const statusLacks = ['isForwarded', 'isViewOnce', 'expirationSeconds', 'mentionAll'] as const;

/** The names that these options have in a request, where they are others. */
const requestName: Partial<Record<keyof SendOptions, string>> = { isViewOnce: 'viewOnce' };

/** Refuses what the place it is sent to does not know: types, and options. */
export function assertFits(to: string, { type }: MessageContent, options: SendOptions): void {
  if (to.endsWith('@newsletter')) {
    if (!newsletterTypes.has(type))
      throw invalid('message.not-for-newsletters', '/type', `A ${type} cannot be sent to a newsletter.`);
    refuse(options, newsletterLacks, 'is not possible in a newsletter');
  }
  if (to === STATUS) {
    if (!statusTypes.has(type)) throw invalid('message.not-for-statuses', '/type', `A ${type} cannot be a status.`);
    refuse(options, statusLacks, 'is not possible in a status');
  } else refuse(options, ['audience'], 'is for statuses alone');
  if (!to.endsWith('@g.us')) refuse(options, ['mentionAll'], 'is possible in groups alone');
  if (!isPerson(to)) refuse(options, ['checkNumber'], 'is for phone numbers alone');
  if (options.replyTo === undefined) refuse(options, ['quoted'], 'says more of `replyTo`, which is missing');
  if (options.isViewOnce && options.expirationSeconds)
    throw invalid('message.option-refused', '/viewOnce', 'A message disappears after it was seen, or after some time.');
}

/** Whether a waId is a phone number. */
const isPerson = (waId: string): boolean => !waId.includes('@');

function refuse(options: SendOptions, names: readonly (keyof SendOptions)[], why: string): void {
  const given = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (given === undefined) return;
  const name = requestName[given] ?? given;
  throw invalid('message.option-refused', `/${name}`, `The option ${name} ${why}.`);
}
