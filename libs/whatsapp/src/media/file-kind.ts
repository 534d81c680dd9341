/** How WhatsApp treats the file of each field of the protobuf: which keys seal it, and where it is uploaded to. */
const kinds = {
  imageMessage: { keys: 'image', folder: 'image' },
  videoMessage: { keys: 'video', folder: 'video' },
  ptvMessage: { keys: 'video', folder: 'video' },
  audioMessage: { keys: 'audio', folder: 'audio' },
  documentMessage: { keys: 'document', folder: 'document' },
  stickerMessage: { keys: 'sticker', folder: 'image' },
} as const;

/** A field of the protobuf whose message brings a file. */
export type FileField = keyof typeof kinds;
export type FileKind = (typeof kinds)[FileField];

export const fileFields = Object.keys(kinds) as FileField[];
export const isFileField = (field: string): field is FileField => Object.hasOwn(kinds, field);
export const fileKindOf = (field: FileField): FileKind => kinds[field];
