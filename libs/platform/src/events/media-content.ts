/** Whether the file of a message is in the library: not yet, yes, or not to be had. */
export type MessageFileStatus = 'waiting' | 'stored' | 'failed';

/** The file that a message brings. */
export interface MessageFile {
  /** Of the media library; null while it is not there. */
  id: string | null;
  status: MessageFileStatus;
  /** With `failed`: why, as a stable code. */
  errorCode?: string;
  mimeType: string;
  /** What the sender says until the file is stored, like all below. */
  sizeBytes: number;
  fileName: string | null;
  width: number | null;
  height: number | null;
  /** Length of sound or video. */
  seconds: number | null;
  isAnimated: boolean;
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
