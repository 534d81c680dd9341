import { proto } from '@whiskeysockets/baileys';
import type { FileField } from './file-kind.js';
import { type FileLooks, fileSlots, type UploadedFile } from './file-slots.js';

/** Has the files that a serialised message waits for uploaded, and answers the message with their addresses. */
export async function fillFiles(
  serialised: Buffer,
  upload: (fileId: string, field: FileField) => Promise<{ file: UploadedFile; looks: FileLooks }>,
): Promise<Buffer> {
  const message = proto.Message.decode(serialised);
  for (const slot of fileSlots(message)) {
    const { file, looks } = await upload(slot.fileId, slot.field);
    slot.fill(file, looks);
  }
  return Buffer.from(proto.Message.encode(message).finish());
}
