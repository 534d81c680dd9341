import type { MediaType } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import { getMediaKeys } from '@whiskeysockets/baileys/lib/Utils/messages-media.js';
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

const MAC_BYTES = 10;

/** What a client must know to find out whether a file arrived whole; fields are absent for public (newsletter) media. */
export interface MediaReference {
  mediaKey?: Uint8Array | null;
  fileSha256?: Uint8Array | null;
  fileEncSha256?: Uint8Array | null;
}

/** The fingerprints of a file before and after encryption. */
export interface Seal {
  fileSha256: Buffer;
  fileEncSha256: Buffer;
  fileLength: number;
}

/** What came out of an encrypted file. */
export interface Inspection {
  sizeBytes: number;
  /** Of the plaintext, in hex. */
  sha256: string;
  /** Whether the MAC and both hashes are right. */
  ok: boolean;
}

/** Encrypts piece by piece the way clients do: AES-CBC, then ten bytes of HMAC. The generator's result is the seal. */
export async function* seal(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mediaKey: Uint8Array,
  type: MediaType,
): AsyncGenerator<Buffer, Seal> {
  const { iv, cipherKey, macKey } = await keysOf(mediaKey, type);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const [plain, encrypted] = [createHash('sha256'), createHash('sha256')];
  let fileLength = 0;
  for await (const chunk of content) {
    fileLength += chunk.length;
    plain.update(chunk);
    const bytes = cipher.update(chunk);
    mac.update(bytes);
    encrypted.update(bytes);
    yield bytes;
  }
  const last = cipher.final();
  const end = Buffer.concat([last, mac.update(last).digest().subarray(0, MAC_BYTES)]);
  encrypted.update(end);
  yield end;
  return { fileSha256: plain.digest(), fileEncSha256: encrypted.digest(), fileLength };
}

/** Checks everything a client can check about a file; nothing is kept. */
export async function inspect(
  encrypted: AsyncIterable<Uint8Array>,
  reference: MediaReference,
  type: MediaType,
): Promise<Inspection> {
  const opening = unseal(encrypted, reference, type);
  for (;;) {
    const step = await opening.next();
    if (step.done) return step.value;
  }
}

/** Decrypts piece by piece. Whether the file was in order is known at its end: the generator's result. */
export function unseal(
  encrypted: AsyncIterable<Uint8Array>,
  reference: MediaReference,
  type: MediaType,
): AsyncGenerator<Uint8Array, Inspection> {
  const { mediaKey } = reference;
  return mediaKey ? unsealPrivate(encrypted, { ...reference, mediaKey }, type) : readPublic(encrypted, reference);
}

async function* unsealPrivate(
  encrypted: AsyncIterable<Uint8Array>,
  { mediaKey, fileSha256, fileEncSha256 }: MediaReference & { mediaKey: Uint8Array },
  type: MediaType,
): AsyncGenerator<Uint8Array, Inspection> {
  const { iv, cipherKey, macKey } = await keysOf(mediaKey, type);
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const [plain, whole] = [createHash('sha256'), createHash('sha256')];
  let sizeBytes = 0;
  // The MAC is at the end, and the end is only known when it has come.
  let held = Buffer.alloc(0);
  for await (const chunk of encrypted) {
    whole.update(chunk);
    const bytes = Buffer.concat([held, chunk]);
    const body = bytes.subarray(0, Math.max(0, bytes.length - MAC_BYTES));
    held = bytes.subarray(body.length);
    mac.update(body);
    const opened = decipher.update(body);
    plain.update(opened);
    sizeBytes += opened.length;
    yield opened;
  }
  const last = decipher.final();
  yield last;
  const sha256 = plain.update(last).digest();
  const isWhole = mac.digest().subarray(0, MAC_BYTES).equals(held);
  const ok = isWhole && matches(fileSha256, sha256) && matches(fileEncSha256, whole.digest());
  return { sizeBytes: sizeBytes + last.length, sha256: sha256.toString('hex'), ok };
}

async function* readPublic(
  content: AsyncIterable<Uint8Array>,
  { fileSha256 }: MediaReference,
): AsyncGenerator<Uint8Array, Inspection> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  const sha256 = hash.digest();
  return { sizeBytes, sha256: sha256.toString('hex'), ok: matches(fileSha256, sha256) };
}

function matches(expected: Uint8Array | null | undefined, actual: Buffer): boolean {
  return !expected?.length || actual.equals(expected);
}

async function keysOf(mediaKey: Uint8Array, type: MediaType) {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, type);
  if (!macKey) throw new Error(`there is no MAC key for ${type}`);
  return { iv, cipherKey, macKey };
}
