/** What a file can be sent as; `picture` is a profile photo of a person or group. */
export const mediaKinds = [
  'image',
  'video',
  'gif',
  'video-note',
  'audio',
  'voice',
  'document',
  'sticker',
  'picture',
] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** Where a file comes from. `fileName` wins over the name that the source gives. */
export type MediaSource = { fileName?: string } & (
  | { url: string }
  /** Base64, or a data URL. */
  | { data: string }
  /** A file of the media library. */
  | { mediaId: string }
);

export const stickerShapes = ['full', 'crop', 'circle'] as const;

/** How a file is prepared; what the kind does not know is ignored. */
export interface MediaOptions {
  /** Image: a smaller JPEG, as the apps make it, without place and camera. */
  compress?: boolean;
  sticker?: {
    pack?: string;
    author?: string;
    /** All of the picture (default), its middle, or a round piece of its middle. */
    shape?: (typeof stickerShapes)[number];
    /** 1 to 100; lowered further until the sticker is small enough. */
    quality?: number;
  };
}
