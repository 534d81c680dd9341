import sharp from 'sharp';
import { noiseBytes } from './noise.js';

/** What the picture of a person or group looks like follows from a text; its edges are given in pixels. */
export async function photo(text: string, width: number, height: number): Promise<Buffer> {
  return sharp(Buffer.from(drawing(text, width, height)))
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** A sticker: WebP with a transparent ground. */
export async function sticker(text: string): Promise<Buffer> {
  const { front } = coloursOf(text);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><circle cx="256" cy="256" r="240" fill="${front}"/></svg>`;
  return sharp(Buffer.from(svg)).webp({ quality: 80 }).toBuffer();
}

/** A smaller copy, as JPEG: what is shown before the picture itself has come. */
export async function thumbnail(picture: Uint8Array, width: number): Promise<Buffer> {
  return sharp(picture).resize(width).jpeg({ quality: 50 }).toBuffer();
}

/** Any picture in the format pictures of people and groups have. */
export async function asJpeg(picture: Uint8Array): Promise<Buffer> {
  return sharp(picture).jpeg().toBuffer();
}

function drawing(text: string, width: number, height: number): string {
  const { front, back } = coloursOf(text);
  const [x = 0, y = 0] = noiseBytes(`place ${text}`, 2);
  const circle = `<circle cx="${(x * width) >> 8}" cy="${(y * height) >> 8}" r="${height / 3}" fill="${front}"/>`;
  const ground = `<rect width="${width}" height="${height}" fill="${back}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${ground}${circle}</svg>`;
}

function coloursOf(text: string): { front: string; back: string } {
  const hex = noiseBytes(`colours ${text}`, 6).toString('hex');
  return { front: `#${hex.slice(0, 6)}`, back: `#${hex.slice(6)}` };
}
