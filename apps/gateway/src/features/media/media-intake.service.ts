import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { extname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Config } from '@app/platform/config/config.js';
import { AppError, invalid } from '@app/platform/errors/app-error.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { Injectable } from '@nestjs/common';
import { tidyName } from './file-name.js';
import { fetchFailed, fetchRefused, isEmpty, tooLarge } from './media-errors.js';
import { sniff } from './sniff.js';

const FETCH_TIMEOUT_MS = 120_000;
/** Room for the fields of a form beside the file. */
const FORM_BYTES = 256 * 1024;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** A file in a scratch folder, looked at but not changed. */
export interface Draft {
  path: string;
  sizeBytes: number;
  /** Hex. */
  sha256: string;
  /** What the bytes say; what the sender says only where bytes say nothing. */
  mimeType: string;
  fileName: string | null;
}

interface Claims {
  mimeType?: string | null;
  fileName?: string | null;
  /** The field that is named when the file is refused. */
  pointer?: string;
}

/** Takes files in, whatever way they come: into a scratch folder, within the limit, hashed on the way. */
@Injectable()
export class MediaIntakeService {
  constructor(
    private readonly outbound: OutboundClient,
    private readonly config: Config,
  ) {}

  /** Refuses a body that is too large for a file of the largest size before it is read. */
  assertFits(bodyBytes: number | null): void {
    const { mediaMaxBytes } = this.config;
    if (bodyBytes !== null && bodyBytes > mediaMaxBytes + FORM_BYTES) throw tooLarge(mediaMaxBytes, '/file');
  }

  async fromStream(stream: Readable, folder: string, { pointer, ...claims }: Claims): Promise<Draft> {
    const path = join(folder, 'original');
    const hash = createHash('sha256');
    const { mediaMaxBytes } = this.config;
    let sizeBytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sizeBytes += chunk.length;
        hash.update(chunk);
        if (sizeBytes > mediaMaxBytes) done(tooLarge(mediaMaxBytes, pointer));
        else done(null, chunk);
      },
    });
    await pipeline(stream, count, createWriteStream(path, { mode: 0o600 }));
    if (sizeBytes === 0) throw isEmpty(pointer);
    const fileName = tidyName(claims.fileName);
    const mimeType = await sniff(path, { mimeType: claims.mimeType, extension: fileName && extname(fileName) });
    return { path, sizeBytes, sha256: hash.digest('hex'), mimeType, fileName };
  }

  /** Any failure on the way is the same `media.fetch-failed`; only a file that is too large is told apart. */
  async fromUrl(url: string, folder: string, { fileName, pointer = '/url' }: Claims): Promise<Draft> {
    try {
      const limits = { timeoutMs: FETCH_TIMEOUT_MS, maxBytes: this.config.mediaMaxBytes };
      const answer = await this.outbound.download(url, limits);
      if (answer.status < 200 || answer.status >= 300) {
        answer.body.destroy();
        throw fetchRefused(pointer, answer.status);
      }
      const mimeType = one(answer.headers['content-type']);
      return await this.fromStream(answer.body, folder, {
        mimeType,
        fileName: fileName ?? nameOf(answer.url),
        pointer,
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw fetchFailed(pointer, error);
      if (error.code === 'outbound.too-large') throw tooLarge(this.config.mediaMaxBytes, pointer);
      throw error.code.startsWith('media.') ? error : fetchFailed(pointer, error);
    }
  }

  /** Base64, or a data URL. */
  fromData(data: string, folder: string, { fileName, pointer = '/data' }: Claims): Promise<Draft> {
    const { mimeType, base64 } = readData(/\s/.test(data) ? data.replace(/\s+/g, '') : data);
    if (!BASE64.test(base64)) throw invalid('media.not-base64', pointer, 'must be base64, or a data URL with base64');
    const bytes = Buffer.from(base64, 'base64');
    return this.fromStream(Readable.from([bytes]), folder, { mimeType, fileName, pointer });
  }
}

/** Size and hash of a file that was made here. */
export async function remeasured(path: string): Promise<Pick<Draft, 'sizeBytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    sizeBytes += (chunk as Buffer).length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

function readData(data: string): { mimeType?: string; base64: string } {
  const comma = data.startsWith('data:') ? data.indexOf(',') : -1;
  if (comma < 0) return { base64: data };
  const head = data.slice(5, Math.min(comma, 200));
  if (!head.endsWith(';base64')) return { base64: '*' };
  return { mimeType: head.split(';')[0], base64: data.slice(comma + 1) };
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

function nameOf(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
