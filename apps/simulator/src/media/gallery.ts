import { createReadStream } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { unwrap } from '../contacts/plaintext.js';
import type { Account } from '../world/account.js';
import { BoundedMap } from '../world/bounded-map.js';
import { Companion } from '../world/companion.js';
import { attachmentOf } from './attachment.js';
import type { Attachment } from './attachment.js';
import { inspect, unseal } from './media-cipher.js';
import type { Inspection } from './media-cipher.js';
import type { Address, MediaStore } from './media-store.js';

const MAX_KNOWN = 1_000;
const PATIENCE_MS = 30_000;

/** What a person saw of the file that came with a message. */
export interface SeenMedia {
  mimetype: string;
  sizeBytes: number;
  /** Of the opened file, in hex. */
  sha256: string;
  /** Whether download, decryption, MAC and hashes were right; null while the file is on its way. */
  ok: boolean | null;
  /** Why it is not. */
  problem?: string;
}

/** A message's file as a phone knows it: where it came from, and the phone's own copy of it, still encrypted. */
interface Known {
  attachment: Attachment;
  copy: string | undefined;
  isDeleted: boolean;
}

/** A file somebody received, opened while it is read. */
export interface OpenedFile {
  mimetype: string;
  content: AsyncIterable<Uint8Array>;
}

/** The files a phone has received and sent: it downloads and opens each, and can upload it again. */
export class Gallery {
  private readonly known = new BoundedMap<string, Known>(MAX_KNOWN, (known) => this.drop(known));
  private readonly arriving = new Map<string, Promise<unknown>>();

  constructor(
    private readonly account: Account,
    private readonly media: MediaStore,
  ) {}

  /** Downloads and checks the file that comes with a message, if one does; the answer is completed when that is done. */
  open(id: string, message: proto.IMessage): SeenMedia | null {
    const attachment = attachmentOf(unwrap(message));
    if (!attachment) return null;
    // Only linked clients ask for files again, so only for them they are kept.
    const keeps = [...this.account.devices.values()].some((device) => device instanceof Companion);
    const seen: SeenMedia = { mimetype: attachment.mimetype, sizeBytes: 0, sha256: '', ok: null };
    const arriving = this.fetch(id, attachment, keeps)
      .then(
        (inspection) => Object.assign(seen, inspection),
        (error: unknown) => Object.assign(seen, { ok: false, problem: error instanceof Error ? error.message : '' }),
      )
      .finally(() => this.arriving.delete(id));
    this.arriving.set(id, arriving);
    return seen;
  }

  /** What the phone knows about the file of a message; undefined when it has never seen one. */
  async find(id: string): Promise<Attachment | undefined> {
    await this.arriving.get(id);
    return this.known.get(id)?.attachment;
  }

  /** The file of a message as its reader opens it: from the own copy, or downloaded once more. */
  async read(id: string): Promise<OpenedFile | undefined> {
    await this.arriving.get(id);
    const known = this.known.get(id);
    if (!known || known.isDeleted) return undefined;
    const { attachment } = known;
    const copy = this.copyOf(known);
    const sealed = copy === undefined ? await this.download(attachment.path) : createReadStream(copy);
    return { mimetype: attachment.mimetype, content: whole(unseal(sealed, attachment, attachment.type)) };
  }

  /** Puts the file of a message on the media server once more; undefined when the phone does not have it any longer. */
  async uploadAgain(id: string): Promise<Address | undefined> {
    const known = this.known.get(id);
    const copy = known && this.copyOf(known);
    if (!known || copy === undefined) return undefined;
    const draft = this.media.draft();
    await copyFile(copy, draft);
    return this.media.place(draft, { type: known.attachment.type });
  }

  /** Deletes the file of a message from the phone; false when it is not there. */
  remove(id: string): boolean {
    const known = this.known.get(id);
    if (!known || known.isDeleted) return false;
    this.drop(known);
    return true;
  }

  private copyOf({ copy }: Known): string | undefined {
    return copy !== undefined && this.media.isKept(copy) ? copy : undefined;
  }

  private drop(known: Known): void {
    if (known.copy !== undefined) this.media.discard(known.copy);
    known.isDeleted = true;
  }

  private async fetch(id: string, attachment: Attachment, keeps: boolean): Promise<Inspection> {
    const response = await this.download(attachment.path);
    const copy = keeps ? this.media.draft() : undefined;
    try {
      const arriving = copy === undefined ? response : copying(response, copy);
      const inspection = await inspect(arriving, attachment, attachment.type);
      if (copy !== undefined) await this.media.keep(copy);
      this.know(id, { attachment, copy, isDeleted: false });
      return inspection;
    } catch (error) {
      response.destroy();
      if (copy !== undefined) await rm(copy, { force: true });
      throw error;
    }
  }

  private know(id: string, known: Known): void {
    this.remove(id);
    this.known.delete(id);
    this.known.set(id, known);
  }

  private async download(path: string): Promise<IncomingMessage> {
    const response = await this.ask(path);
    if (response.statusCode === 200) return response;
    response.resume();
    throw new Error(`the media server answers ${response.statusCode}`);
  }

  /** Like a phone, this takes only the path from the message: where media is, it was told by the service. */
  private ask(path: string): Promise<IncomingMessage> {
    const asking = request({ ...this.media.site.inside, path: path || '/', timeout: PATIENCE_MS });
    return new Promise((resolve, reject) => {
      // A connection can also break after the answer has begun; then the answer ends with the error.
      asking.on('error', reject);
      asking.on('timeout', () => asking.destroy(new Error('the media server does not answer')));
      asking.on('response', resolve).end();
    });
  }
}

/** Passes bytes on and writes them to a file as well. */
async function* copying(content: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  const copy = await open(file, 'w');
  try {
    for await (const chunk of content) {
      await copy.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await copy.close();
  }
}

/** What was opened, if it was in order; otherwise it breaks off at the end. */
async function* whole(opening: AsyncGenerator<Uint8Array, Inspection>): AsyncGenerator<Uint8Array> {
  const { ok } = yield* opening;
  if (!ok) throw new Error('the file is damaged');
}
