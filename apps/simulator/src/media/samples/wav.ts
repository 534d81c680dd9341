import { noiseBytes } from './noise.js';

const RATE = 8000;
const HEADER_BYTES = 44;
const BYTES_PER_SECOND = RATE * 2;

/** A tone as uncompressed audio; how high it is follows from the text. Without a size it lasts a second. */
export function* tone(text: string, sizeBytes = HEADER_BYTES + BYTES_PER_SECOND): Generator<Buffer> {
  const samples = Math.max(0, Math.floor((sizeBytes - HEADER_BYTES) / 2));
  yield header(samples * 2);
  const hertz = 220 + (noiseBytes(text, 1)[0] ?? 0) * 2;
  for (let start = 0; start < samples; start += RATE) {
    const portion = Buffer.alloc(Math.min(RATE, samples - start) * 2);
    for (let n = 0; n < portion.length / 2; n++)
      portion.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hertz * (start + n)) / RATE)), n * 2);
    yield portion;
  }
}

/** How long such a file plays. */
export function secondsOfTone(sizeBytes = HEADER_BYTES + BYTES_PER_SECOND): number {
  return Math.max(1, Math.round((sizeBytes - HEADER_BYTES) / BYTES_PER_SECOND));
}

function header(dataBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('RIFF');
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(BYTES_PER_SECOND, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}
