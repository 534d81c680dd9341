import { createCipheriv, createHash } from 'node:crypto';

const PORTION = 64 * 1024;

/** Any number of bytes that follow from a text, piece by piece. */
export function* noise(text: string, sizeBytes: number): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(text).digest(), Buffer.alloc(16));
  for (let left = sizeBytes; left > 0; left -= PORTION) yield cipher.update(Buffer.alloc(Math.min(PORTION, left)));
}

/** A few bytes that follow from a text, at once. */
export function noiseBytes(text: string, sizeBytes: number): Buffer {
  return Buffer.concat([...noise(text, sizeBytes)]);
}
