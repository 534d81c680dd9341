import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { finished } from 'node:stream/promises';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { unwrap } from '../contacts/plaintext.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import { attachmentOf } from './attachment.js';
import type { Attachment } from './attachment.js';
import { inspect } from './media-cipher.js';
import type { Address, MediaStore } from './media-store.js';

const MAX_KEPT = 1_000;
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

/** A message's file as a phone keeps it: still encrypted, or deleted by its owner. */
interface Kept {
  attachment: Attachment;
  file: string | undefined;
}

/** The files a phone has received and sent: it downloads and opens each, and can upload it again. */
export class Gallery {
  private readonly kept = new Map<string, Kept>();
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
    return this.kept.get(id)?.attachment;
  }

  /** Puts the file of a message on the media server once more; undefined when the phone does not have it any longer. */
  async uploadAgain(id: string): Promise<Address | undefined> {
    const kept = this.kept.get(id);
    if (!kept?.file) return undefined;
    const draft = this.media.draft();
    await copyFile(kept.file, draft);
    return this.media.place(draft, { type: kept.attachment.type });
  }

  /** Deletes the file of a message from the phone; false when it is not there. */
  remove(id: string): boolean {
    const kept = this.kept.get(id);
    if (!kept?.file) return false;
    void rm(kept.file, { force: true });
    kept.file = undefined;
    return true;
  }

  private async fetch(id: string, attachment: Attachment, keeps: boolean) {
    const response = await this.download(attachment.path);
    if (!keeps) return inspect(response, attachment, attachment.type);
    const file = this.media.draft();
    const inspection = await inspect(copying(response, file), attachment, attachment.type);
    this.keep(id, { attachment, file });
    return inspection;
  }

  private keep(id: string, kept: Kept): void {
    this.kept.set(id, kept);
    const [oldest] = this.kept.size > MAX_KEPT ? this.kept.keys() : [];
    if (oldest === undefined) return;
    this.remove(oldest);
    this.kept.delete(oldest);
  }

  private async download(path: string): Promise<IncomingMessage> {
    // Like a phone, this takes only the path from the message: where media is, it was told by the service.
    const asking = request({ ...this.media.site.inside, path: path || '/', timeout: PATIENCE_MS });
    asking.on('timeout', () => asking.destroy(new Error('the media server does not answer')));
    const [response] = (await once(asking.end(), 'response')) as [IncomingMessage];
    if (response.statusCode === 200) return response;
    response.resume();
    throw new Error(`the media server answers ${response.statusCode}`);
  }
}

/** Passes bytes on and writes them to a file as well. */
async function* copying(content: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  const copy = createWriteStream(file);
  try {
    for await (const chunk of content) {
      if (!copy.write(chunk)) await once(copy, 'drain');
      yield chunk;
    }
  } finally {
    copy.end();
    await finished(copy);
  }
}
