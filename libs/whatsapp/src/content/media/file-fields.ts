import type { MessageFile } from '@app/platform/events/media-content.js';
import { fileReference } from '../../media/file-slots.js';

/** The fields that all messages with files have in WhatsApp's protobuf. */
export interface FileFields {
  url?: string | null;
  mimetype?: string | null;
  fileLength?: number | { toNumber(): number } | null;
  width?: number | null;
  height?: number | null;
  seconds?: number | null;
  fileName?: string | null;
  title?: string | null;
  isAnimated?: boolean | null;
}

/** The file as far as it is known before it is uploaded; `url` names it until then. */
export const writeFile = ({ id, mimeType, sizeBytes }: MessageFile) => ({
  ...(id !== null && { url: fileReference(id) }),
  mimetype: mimeType,
  fileLength: sizeBytes,
});

export const writeSize = ({ width, height }: MessageFile) => ({ width, height });

/** WhatsApp counts whole seconds, and shows none as unknown. */
export const writeSeconds = ({ seconds }: MessageFile) =>
  seconds === null ? {} : { seconds: Math.max(1, Math.round(seconds)) };

/** What a sender says of a file that is still to be downloaded. */
export function readFile(fields: FileFields | null | undefined): MessageFile {
  const { mimetype, fileLength, width, height, seconds, fileName, title, isAnimated } = fields ?? {};
  return {
    id: null,
    status: 'waiting',
    mimeType: mimetype?.slice(0, 200) || 'application/octet-stream',
    sizeBytes: numberOf(fileLength),
    fileName: fileName?.slice(0, 255) || title?.slice(0, 255) || null,
    width: width || null,
    height: height || null,
    seconds: seconds || null,
    isAnimated: isAnimated ?? false,
  };
}

function numberOf(value: FileFields['fileLength']): number {
  const number = typeof value === 'object' ? (value?.toNumber() ?? 0) : (value ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}
