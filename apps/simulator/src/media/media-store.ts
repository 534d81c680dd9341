import type { MediaType } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createWriteStream, mkdtempSync } from 'node:fs';
import type { Agent } from 'node:https';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Core } from '../world/core.js';
import { seal } from './media-cipher.js';
import type { Seal } from './media-cipher.js';
import { MediaFaults } from './media-faults.js';

const MAX_REMEMBERED_LOSSES = 50_000;
const GRANT_SECONDS = 6 * 60 * 60;

/** What outlives a single network: the server's address, its disk and its limits. */
export interface MediaSite {
  /** `host:port` of the media server. */
  readonly host: string;
  /** How people played here reach it, whatever name others know it by. */
  readonly inside: { host: string; port: number; servername: string; agent: Agent };
  /** Where files may be put. */
  readonly folder: string;
  /** How long an uploaded file can be downloaded. */
  readonly ttlMs: number;
  /** The largest upload that is accepted. */
  readonly maxBytes: number;
  /** When everything together is larger than this, the oldest files go first. */
  readonly maxTotalBytes: number;
}

/** Bytes, at once or piece by piece. */
export type Content = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A file on the media server. */
export interface Blob {
  /** What a download asks for, without the query. */
  path: string;
  /** Folder of the upload: image, video, document, audio, md-app-state … */
  type: string;
  contentType: string;
  sizeBytes: number;
  /** Milliseconds since 1970; infinite for pictures of profiles. */
  expiresAt: number;
  /** Where it is on disk. */
  file: string;
}

/** The address of a file as the service tells it to whoever uploaded it. */
export interface Address {
  url: string;
  directPath: string;
}

/** An encrypted file and all that a message must say about it, in the words of the protobufs. */
export interface StoredMedia extends Address, Seal {
  mediaKey: Buffer;
  mediaKeyTimestamp: number;
}

/** What is known when a finished file gets its address. */
interface Placement {
  type: string;
  contentType?: string;
  /** Stays until it is removed. */
  isPermanent?: boolean;
}

/** The files of one network's media server. They are on disk; only their names are in memory. */
export class MediaStore {
  /** What goes wrong with transfers. */
  readonly faults = new MediaFaults();
  private readonly folder: string;
  private readonly secret: Buffer;
  private readonly blobs = new Map<string, Blob>();
  private readonly gone = new Set<string>();
  /** Files phones keep for themselves, with their sizes, oldest first. */
  private readonly copies = new Map<string, number>();
  private drafts = 0;
  private totalBytes = 0;

  constructor(
    private readonly core: Pick<Core, 'clock' | 'seed' | 'logger'>,
    readonly site: MediaSite,
  ) {
    this.secret = core.seed.bytes('leave to upload');
    this.folder = mkdtempSync(join(site.folder, 'network-'));
  }

  /**
   * Encrypts something a person played here sends and puts it on the media server. The answer can be spread into
   * `imageMessage`, `historySyncNotification`, … ; content may be a stream of any length.
   */
  async store(content: Content, type: MediaType, mediaKey: Buffer = randomBytes(32)): Promise<StoredMedia> {
    const draft = this.draft();
    let result: Seal | undefined;
    await pipeline(async function* () {
      result = yield* seal(content instanceof Uint8Array ? [content] : content, mediaKey, type);
    }, createWriteStream(draft));
    if (!result) throw new Error('nothing was encrypted');
    const address = await this.place(draft, { type });
    return { ...result, ...address, mediaKey, mediaKeyTimestamp: this.core.clock.seconds() };
  }

  /** A new file on this server's disk, to be filled and then placed, or removed. */
  draft(): string {
    return join(this.folder, String(++this.drafts));
  }

  /** Gives a finished file an address; from now on it can be downloaded. */
  async place(file: string, { type, contentType, isPermanent }: Placement): Promise<Address> {
    const { size } = await stat(file);
    const { clock, seed } = this.core;
    const path = `/v/t62.${folderOf(type)}-24/${seed.opaqueId('media')}_n.enc`;
    const expiresAt = isPermanent ? Infinity : clock.now() + this.site.ttlMs;
    const blob = {
      path,
      type,
      contentType: contentType ?? 'application/octet-stream',
      sizeBytes: size,
      expiresAt,
      file,
    };
    this.blobs.set(path, blob);
    this.totalBytes += size;
    this.makeRoom();
    const until = Number.isFinite(expiresAt)
      ? `&oe=${Math.floor(expiresAt / 1000)
          .toString(16)
          .toUpperCase()}`
      : '';
    const directPath = `${path}?ccb=11-4${until}`;
    return { directPath, url: `https://${this.site.host}${directPath}&mms3=true` };
  }

  /** The file behind a path (a query is ignored); `gone` when it has expired or was removed. */
  find(address: string): Blob | 'gone' | undefined {
    const path = pathOf(address);
    const blob = this.blobs.get(path);
    if (blob && blob.expiresAt <= this.core.clock.now()) this.expire(path);
    return this.gone.has(path) ? 'gone' : this.blobs.get(path);
  }

  /** All files that can be downloaded, oldest first. */
  list(): Blob[] {
    return [...this.blobs.values()].filter(({ expiresAt }) => expiresAt > this.core.clock.now());
  }

  /** Takes a file from the server as if its time had come; false when there is no such file. */
  expire(address: string): boolean {
    const path = pathOf(address);
    const blob = this.blobs.get(path);
    if (!blob) return false;
    this.blobs.delete(path);
    this.totalBytes -= blob.sizeBytes;
    this.gone.add(path);
    const [oldest] = this.gone.size > MAX_REMEMBERED_LOSSES ? this.gone : [];
    if (oldest) this.gone.delete(oldest);
    this.erase(blob.file);
    return true;
  }

  /** Counts a finished draft that a phone keeps for itself; when room is needed, the oldest of these go first. */
  async keep(file: string): Promise<void> {
    const { size } = await stat(file);
    this.copies.set(file, size);
    this.totalBytes += size;
    this.makeRoom();
  }

  /** Whether such a file is still there. */
  isKept(file: string): boolean {
    return this.copies.has(file);
  }

  /** Deletes such a file; false when it is not there any more. */
  discard(file: string): boolean {
    this.totalBytes -= this.copies.get(file) ?? 0;
    this.erase(file);
    return this.copies.delete(file);
  }

  /** Leave to upload for a while, and for how long. */
  grant(): { auth: string; ttl: number } {
    const until = String(this.core.clock.seconds() + GRANT_SECONDS);
    return { auth: `${until}.${this.sign(until)}`, ttl: GRANT_SECONDS };
  }

  /** Whether somebody who shows this was given leave, and still has it. */
  isGranted(auth: string): boolean {
    const [until = '', signature = ''] = auth.split('.');
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(signature), digest(this.sign(until))) && Number(until) > this.core.clock.seconds();
  }

  /** Forgets everything and frees the disk. */
  async close(): Promise<void> {
    this.blobs.clear();
    this.copies.clear();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private sign(until: string): string {
    return createHmac('sha256', this.secret).update(until).digest('base64url');
  }

  private erase(file: string): void {
    rm(file, { force: true }).catch((error: unknown) => {
      this.core.logger.warn({ err: error }, 'a media file could not be deleted');
    });
  }

  /** Files are listed in the order in which they were placed, which is the order in which they expire. */
  private makeRoom(): void {
    for (const file of this.copies.keys()) {
      if (this.totalBytes <= this.site.maxTotalBytes) break;
      this.discard(file);
    }
    for (const { path, expiresAt } of this.blobs.values()) {
      if (expiresAt === Infinity) continue;
      if (expiresAt > this.core.clock.now() && this.totalBytes <= this.site.maxTotalBytes) return;
      this.expire(path);
    }
  }
}

function pathOf(address: string): string {
  return address.split('?')[0] ?? '';
}

/** The real service keeps each kind in a numbered folder. */
const folders = new Map([
  ['video', '7161'],
  ['document', '7119'],
  ['audio', '7117'],
  ['ptt', '7117'],
]);

const folderOf = (type: string): string => folders.get(type) ?? '7118';
