import { flag, Has, integer, MayHave, number, orNull, text, words } from './data/schema.js';

/** Whether the file of a message is in the library: not yet, yes, or not to be had. */
const messageFileStatuses = ['waiting', 'stored', 'failed'] as const;
export type MessageFileStatus = (typeof messageFileStatuses)[number];

/** The file that a message brings. */
export class MessageFile {
  @Has(orNull(text), 'Of the media library; null while it is not there.') id: string | null;
  @Has(words(messageFileStatuses)) status: MessageFileStatus;
  @MayHave(text, 'With `failed`: why, as a stable code.') errorCode?: string;
  @Has(text) mimeType: string;
  @Has(integer, 'What the sender says until the file is stored, like all below.') sizeBytes: number;
  @Has(orNull(text)) fileName: string | null;
  @Has(orNull(integer)) width: number | null;
  @Has(orNull(integer)) height: number | null;
  @Has(orNull(number), 'Length of sound or video.') seconds: number | null;
  @Has(flag) isAnimated: boolean;
}

/** Types of messages that bring a file, and whether words can go with it. */
interface Captions {
  image: { caption?: string };
  video: { caption?: string };
  gif: { caption?: string };
  'video-note': object;
  audio: object;
  voice: object;
  document: { caption?: string; pageCount?: number };
  sticker: object;
}

/** A message with a file. */
export type MediaContent = { [T in keyof Captions]: { type: T; media: MessageFile } & Captions[T] }[keyof Captions];

export type MediaType = MediaContent['type'];

export const mediaTypes = [
  'image',
  'video',
  'gif',
  'video-note',
  'audio',
  'voice',
  'document',
  'sticker',
] as const satisfies readonly MediaType[];
