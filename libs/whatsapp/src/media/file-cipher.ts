import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { getMediaKeys } from '@whiskeysockets/baileys';
import { AppError } from '@app/platform/errors/app-error.js';
import type { FileKind } from './file-kind.js';

const MAC_BYTES = 10;
const CIPHER = 'aes-256-cbc';
const BLOCK_BYTES = 16;

export interface FileKeys {
  iv: Uint8Array;
  cipherKey: Uint8Array;
  macKey: Uint8Array;
}

/** The keys that WhatsApp derives from the media key of a message. */
export async function fileKeys(mediaKey: Uint8Array, kind: FileKind): Promise<FileKeys> {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, kind.keys);
  if (!macKey) throw new Error('there is no MAC key');
  return { iv, cipherKey, macKey };
}

/** How long a sealed file is. */
export const sealedBytes = (sizeBytes: number): number =>
  (Math.floor(sizeBytes / BLOCK_BYTES) + 1) * BLOCK_BYTES + MAC_BYTES;

/** Seals a file as it is uploaded; the same keys give the same bytes. */
export async function* seal(content: AsyncIterable<Buffer>, keys: FileKeys): AsyncGenerator<Buffer> {
  const { iv, cipherKey, macKey } = keys;
  const cipher = createCipheriv(CIPHER, cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  for await (const chunk of content) {
    const part = cipher.update(chunk);
    mac.update(part);
    if (part.length) yield part;
  }
  const last = cipher.final();
  mac.update(last);
  yield Buffer.concat([last, mac.digest().subarray(0, MAC_BYTES)]);
}

/** What came down is not what was sent. */
export class DamagedFile extends AppError {
  constructor(reason: string) {
    super('invalid', 'media.damaged', `The file does not fit its keys, or was changed: ${reason}.`);
  }
}

/** Opens a sealed file; breaks off at the end when it is damaged or was changed by somebody. */
export async function* unseal(sealed: AsyncIterable<Buffer>, keys: FileKeys): AsyncGenerator<Buffer> {
  const { iv, cipherKey, macKey } = keys;
  const decipher = createDecipheriv(CIPHER, cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  // The last bytes are the MAC; which are the last shows only at the end.
  let held = Buffer.alloc(0);
  for await (const chunk of sealed) {
    const all = held.length ? Buffer.concat([held, chunk]) : chunk;
    const body = all.subarray(0, Math.max(0, all.length - MAC_BYTES));
    held = Buffer.from(all.subarray(body.length));
    mac.update(body);
    const part = decipher.update(body);
    if (part.length) yield part;
  }
  const expected = mac.digest().subarray(0, MAC_BYTES);
  if (held.length !== MAC_BYTES || !timingSafeEqual(held, expected)) throw new DamagedFile('the MAC is wrong');
  const last = decipher.final();
  if (last.length) yield last;
}

/** Passes a file on; breaks off at the end when it is not the one with this hash. */
export async function* verify(content: AsyncIterable<Buffer>, sha256: Uint8Array | null): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  if (sha256?.length && !hash.digest().equals(sha256)) throw new DamagedFile('the hash is wrong');
}
