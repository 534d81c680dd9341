import { mediaTypes } from '../events/media-content.js';

/** What a file can be sent as; `picture` is a profile photo of a person or group. */
export const mediaKinds = [...mediaTypes, 'picture'] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** A file that came with the request itself, in a folder that is there until the request is answered. */
export interface ReceivedFile {
  path: string;
  sizeBytes: number;
  /** Hex. */
  sha256: string;
  mimeType: string;
  fileName: string | null;
  /** What makes it the same file in a repeated request, wherever that was put. */
  toJSON(): object;
}

/** Where a file comes from: exactly one of the first four. */
export interface MediaSource {
  url?: string;
  /** Base64, or a data URL. */
  data?: string;
  /** A file of the library. */
  mediaId?: string;
  upload?: ReceivedFile;
  /** Wins over the name that the source gives. */
  fileName?: string;
  /** JSON pointer to the object with these fields, for problems; the whole body unless told otherwise. */
  pointer?: string;
}

export const stickerShapes = ['full', 'crop', 'circle'] as const;
export type StickerShape = (typeof stickerShapes)[number];

/** How a file is prepared; what the kind does not know is ignored. */
export interface MediaOptions {
  /** Image: a smaller JPEG, as the apps make it, without place and camera. Video: fewer pixels and bits. */
  compress?: boolean;
  sticker?: {
    pack?: string;
    author?: string;
    /** All of the picture (default), its middle, or a round piece of its middle. */
    shape?: StickerShape;
    /** 1 to 100; lowered further until the sticker is small enough. */
    quality?: number;
  };
}
