import type { proto } from '@whiskeysockets/baileys';
import { isFileField, type FileField } from './file-kind.js';

/** Stands in `url` for a file that is not uploaded yet. */
const MARK = 'x-switchboard-file:';

/** What `url` holds until the file of the library is uploaded. */
export const fileReference = (fileId: string): string => `${MARK}${fileId}`;

/** Whether files must be uploaded before a serialised message can be sent; a cheap look that may err on the safe side. */
export const mayAwaitFiles = (serialised: Buffer): boolean => serialised.includes(MARK);

/** Where a file is on WhatsApp's servers, and what opens it; files for newsletters are not sealed. */
export interface UploadedFile {
  url: string;
  directPath: string;
  sealed: { mediaKey: Buffer; fileEncSha256: Buffer } | null;
  fileSha256: Buffer;
  sizeBytes: number;
  uploadedAt: Date;
}

/** What the apps show before they have the file. */
export interface FileLooks {
  thumbnail: Buffer | null;
  waveform: Buffer | null;
}

/** A place in a message that waits for an uploaded file. */
export interface FileSlot {
  fileId: string;
  field: FileField;
  fill(file: UploadedFile, looks: FileLooks): void;
}

/** The places of a message that wait, wherever they are: in the message itself, in headers and cards, in what it quotes. */
export function fileSlots(message: object): FileSlot[] {
  return Object.entries(message).flatMap(([field, value]): FileSlot[] => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
    const node = value as proto.Message.IImageMessage;
    const deeper = fileSlots(node);
    if (!isFileField(field) || !node.url?.startsWith(MARK)) return deeper;
    const fileId = node.url.slice(MARK.length);
    return [{ fileId, field, fill: (...given) => fill(node, field, ...given) }, ...deeper];
  });
}

function fill(
  node: proto.Message.IImageMessage & { waveform?: Uint8Array | null },
  field: FileField,
  { url, directPath, sealed, fileSha256, sizeBytes, uploadedAt }: UploadedFile,
  { thumbnail, waveform }: FileLooks,
): void {
  Object.assign(node, { url, directPath, fileSha256, fileLength: sizeBytes });
  if (sealed) Object.assign(node, sealed, { mediaKeyTimestamp: Math.floor(uploadedAt.getTime() / 1000) });
  // Newsletters take no thumbnails; one that the sender has chosen stays.
  const mayShow = sealed && !node.jpegThumbnail?.length && field !== 'audioMessage' && field !== 'stickerMessage';
  if (mayShow && thumbnail) node.jpegThumbnail = thumbnail;
  if (waveform && field === 'audioMessage') node.waveform = waveform;
}
