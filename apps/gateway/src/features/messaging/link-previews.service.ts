import { Injectable } from '@nestjs/common';
import type { LinkPreview } from '@app/platform/events/content-shapes.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import { firstLink, pageFacts } from './page-facts.js';

/** What is shown of a link, with its picture. */
export interface FoundPreview {
  preview: LinkPreview;
  thumbnail?: Buffer;
}

// The sender waits for it.
const PAGE_MS = 5_000;
const PICTURE_MS = 5_000;
const PAGE_BYTES = 512 * 1024;
const PICTURE_BYTES = 5 * 1024 * 1024;
const MOST_PIXELS = 24_000_000;
const THUMBNAIL_SIDE = 192;
const THUMBNAIL_BYTES = 32_000;
/** The sender waits for each. */
const MOST_TRIED = 3;
/** The same link often goes to many. */
const CACHED = { max: 500, ttl: 600_000 };

/** Looks links up. Nothing here fails a message: what cannot be had is not shown. */
@Injectable()
export class LinkPreviewsService {
  private readonly known = new LRUCache<string, FoundPreview>(CACHED);

  constructor(private readonly outbound: OutboundClient) {}

  /** What the page behind the first link of a text says; null without a link, or a page that says something. */
  async find(text: string): Promise<FoundPreview | null> {
    const link = firstLink(text);
    if (!link || !URL.canParse(link)) return null;
    const known = this.known.get(link);
    if (known) return known;
    const found = await this.look(link).catch(() => null);
    if (found) this.known.set(link, found);
    return found;
  }

  /** A small JPEG of the picture behind a URL; undefined when there is none. */
  async thumbnail(url: string): Promise<Buffer | undefined> {
    try {
      const { status, body } = await this.outbound.download(url, { timeoutMs: PICTURE_MS, maxBytes: PICTURE_BYTES });
      if (status !== 200) return void body.destroy();
      const picture = sharp(await readUpTo(body, PICTURE_BYTES), { limitInputPixels: MOST_PIXELS }).autoOrient();
      const small = picture.resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true });
      const jpeg = await small.flatten({ background: '#fff' }).timeout({ seconds: 5 }).jpeg({ quality: 70 }).toBuffer();
      return jpeg.length <= THUMBNAIL_BYTES ? jpeg : undefined;
    } catch {
      return undefined;
    }
  }

  /** The same of the first URL that has one. */
  async firstThumbnail(urls: string[]): Promise<Buffer | undefined> {
    for (const url of urls.slice(0, MOST_TRIED)) {
      const thumbnail = await this.thumbnail(url);
      if (thumbnail) return thumbnail;
    }
    return undefined;
  }

  private async look(link: string): Promise<FoundPreview | null> {
    const { url, status, headers, body } = await this.outbound.download(link, {
      timeoutMs: PAGE_MS,
      maxBytes: Number.MAX_SAFE_INTEGER,
    });
    const type = String(headers['content-type'] ?? '');
    if (status !== 200 || !/html/i.test(type)) {
      body.destroy();
      return null;
    }
    const { title, description, image } = pageFacts(decode(await readUpTo(body, PAGE_BYTES), type));
    if (!title) return null;
    const picture = image && URL.canParse(image, url) ? await this.thumbnail(new URL(image, url).href) : undefined;
    const preview = { url: link, title, ...(description && { description }) };
    return { preview, ...(picture && { thumbnail: picture }) };
  }
}

/** The beginning of a stream; the rest is not read. */
async function readUpTo(stream: NodeJS.ReadableStream & { destroy(): void }, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  stream.destroy();
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function decode(bytes: Buffer, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
