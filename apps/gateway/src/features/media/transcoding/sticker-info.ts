import { createHash } from 'node:crypto';

interface StickerInfo {
  pack?: string;
  author?: string;
}

const VP8X_EXIF = 0x08;
const VP8X_ALPHA = 0x10;

/** A TIFF header with one entry of WhatsApp's own, tag 0x5741, whose JSON follows at byte 22. */
const TIFF = Buffer.from('49492a00080000000100415707000000000016000000', 'hex');

/** The WebP with the names of pack and author in its EXIF, where the apps look for them. */
export function withStickerInfo(webp: Buffer, { pack, author }: StickerInfo): Buffer {
  if (pack === undefined && author === undefined) return webp;
  const chunks = chunksOf(webp).filter(({ name }) => name !== 'EXIF');
  const json = Buffer.from(
    JSON.stringify({
      'sticker-pack-id': createHash('sha256').update(`${pack}\0${author}`).digest('hex').slice(0, 32),
      'sticker-pack-name': pack ?? '',
      'sticker-pack-publisher': author ?? '',
    }),
  );
  const tiff = Buffer.from(TIFF);
  tiff.writeUInt32LE(json.length, 14);
  const [first, ...rest] = chunks;
  const header = first?.name === 'VP8X' ? Buffer.from(first.data) : simpleHeader(first);
  header.writeUInt8(header.readUInt8(0) | VP8X_EXIF, 0);
  const all = [
    { name: 'VP8X', data: header },
    ...(first?.name === 'VP8X' ? rest : chunks),
    { name: 'EXIF', data: Buffer.concat([tiff, json]) },
  ];
  const body = Buffer.concat([Buffer.from('WEBP'), ...all.map(toBytes)]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), size, body]);
}

interface Chunk {
  name: string;
  data: Buffer;
}

function chunksOf(webp: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= webp.length;) {
    const size = webp.readUInt32LE(at + 4);
    chunks.push({ name: webp.toString('latin1', at, at + 4), data: webp.subarray(at + 8, at + 8 + size) });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

/** The header of the extended format, for a file in the simple one. */
function simpleHeader(chunk: Chunk | undefined): Buffer {
  const header = Buffer.alloc(10);
  const { width, height, hasAlpha } = sizeOf(chunk);
  header.writeUInt8(hasAlpha ? VP8X_ALPHA : 0, 0);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  return header;
}

/** Width and height in the first bytes of lossless (VP8L) and lossy (VP8) data. */
function sizeOf(chunk: Chunk | undefined): { width: number; height: number; hasAlpha: boolean } {
  if (chunk?.name === 'VP8L') {
    const bits = chunk.data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: ((bits >>> 28) & 1) === 1 };
  }
  if (chunk?.name !== 'VP8 ') throw new Error('not a WebP file');
  return {
    width: chunk.data.readUInt16LE(6) & 0x3fff,
    height: chunk.data.readUInt16LE(8) & 0x3fff,
    hasAlpha: false,
  };
}

function toBytes({ name, data }: Chunk): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
