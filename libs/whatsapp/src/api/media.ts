import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type BaileysEventMap,
  DEFAULT_ORIGIN,
  decryptMediaRetryData,
  encryptMediaRetryRequest,
  proto,
  type WAMessageKey,
  type WASocket,
} from '@whiskeysockets/baileys';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { request } from 'undici';
import { toJid } from '../map/jid.js';
import { type FileKeys, fileKeys, seal, sealedBytes } from '../media/file-cipher.js';
import { type FileField, fileKindOf } from '../media/file-kind.js';
import type { UploadedFile } from '../media/file-slots.js';
import type { WaNetwork } from '../network.js';

const REUPLOAD_WITHIN_MS = 30_000;
const MEDIA_KEY_BYTES = 32;

/** A file to upload. It is read twice, because its address is the hash of what is uploaded. */
export interface FileToUpload {
  sizeBytes: number;
  /** Hex. */
  sha256: string;
  open(): Promise<Readable>;
}

/** A message whose file the phone is to upload again. */
export interface FileOwner {
  messageId: string;
  chatId: string;
  senderId: string;
  fromMe: boolean;
}

interface Hosts {
  names: string[];
  auth: string;
}

/** Files over one connection. */
export class MediaApi {
  constructor(
    private readonly socket: WASocket,
    private readonly network: WaNetwork,
    private readonly proxyUrl: string | null,
  ) {}

  /** Uploads a file, sealed unless it is for a newsletter, and never holds more of it than a few chunks. */
  async upload(file: FileToUpload, field: FileField, { isSealed }: { isSealed: boolean }): Promise<UploadedFile> {
    const mediaKey = randomBytes(MEDIA_KEY_BYTES);
    const keys = isSealed ? await fileKeys(mediaKey, fileKindOf(field)) : null;
    const fileSha256 = Buffer.from(file.sha256, 'hex');
    const hash = keys ? await sealedHash(file, keys) : fileSha256;
    const address = await this.put(file, keys, `/mms/${fileKindOf(field).folder}/${hash.toString('base64url')}`);
    const sealed = keys && { mediaKey, fileEncSha256: hash };
    return { ...address, sealed, fileSha256, sizeBytes: file.sizeBytes, uploadedAt: new Date() };
  }

  /** Puts a picture where catalogs take it from; answers its URL. */
  async uploadProductImage(bytes: Buffer): Promise<string> {
    const hash = createHash('sha256').update(bytes).digest();
    const open = () => Promise.resolve(Readable.from([bytes]));
    const file = { sizeBytes: bytes.length, sha256: hash.toString('hex'), open };
    const { directPath } = await this.put(file, null, `/product/image/${hash.toString('base64url')}`);
    return this.network.downloadUrl(directPath);
  }

  /**
   * Has the phone upload the file of a message once more; answers its new path. Throws `media.gone` when the phone does
   * not have it any longer, `media.no-answer` when it does not answer, as while it is off.
   */
  async requestAgain(owner: FileOwner, mediaKey: Uint8Array): Promise<string> {
    const { messageId, chatId, senderId, fromMe } = owner;
    const me = this.socket.authState.creds.me?.id ?? '';
    const participant = chatId.endsWith('@g.us') || chatId === 'status@broadcast' ? toJid(senderId) : undefined;
    const key: WAMessageKey = { id: messageId, remoteJid: toJid(chatId), fromMe, participant };
    const answered = this.answerTo(messageId);
    answered.catch(() => undefined);
    await this.socket.sendNode(encryptMediaRetryRequest(key, Buffer.from(mediaKey), me));
    const { media } = await answered;
    if (!media) throw gone();
    const { result, directPath } = decryptMediaRetryData(media, mediaKey, messageId);
    if (result !== proto.MediaRetryNotification.ResultType.SUCCESS || !directPath) throw gone();
    return directPath;
  }

  private answerTo(messageId: string): Promise<BaileysEventMap['messages.media-update'][number]> {
    const { ev } = this.socket;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        ev.off('messages.media-update', listen);
        settle();
      };
      const listen = (updates: BaileysEventMap['messages.media-update']) => {
        const update = updates.find(({ key }) => key.id === messageId);
        if (update) end(() => resolve(update));
      };
      const timer = setTimeout(() => end(() => reject(noAnswer())), REUPLOAD_WITHIN_MS);
      ev.on('messages.media-update', listen);
    });
  }

  private async put(file: FileToUpload, keys: FileKeys | null, path: string) {
    const length = keys ? sealedBytes(file.sizeBytes) : file.sizeBytes;
    let problem: unknown;
    // The second round has fresh hosts and a fresh grant.
    for (const isFresh of [false, true]) {
      const { names, auth } = await this.hosts(isFresh);
      const query = `auth=${encodeURIComponent(auth)}&token=${path.split('/').at(-1)}`;
      for (const name of names) {
        const content = await file.open();
        const body = Readable.from(keys ? seal(content, keys) : content, { objectMode: false });
        // A transfer that breaks off destroys what it reads from, when nobody listens any more.
        for (const stream of [content, body]) stream.on('error', () => undefined);
        const answer = await this.post(`https://${name}${path}?${query}`, body, length).catch((error: unknown) => {
          problem = error;
        });
        content.destroy();
        if (answer) return answer;
      }
    }
    throw unavailable('media.upload-failed', 'The file could not be uploaded to WhatsApp.', problem);
  }

  private async post(url: string, body: Readable, length: number): Promise<{ url: string; directPath: string }> {
    const answer = await request(url, {
      method: 'POST',
      dispatcher: this.network.route(this.proxyUrl).media,
      headers: { 'content-type': 'application/octet-stream', 'content-length': `${length}`, origin: DEFAULT_ORIGIN },
      body,
    });
    const said = (await answer.body.json()) as { url?: string; direct_path?: string };
    if (!said.url || !said.direct_path) throw new Error(`the media server answered ${answer.statusCode}`);
    return { url: said.url, directPath: said.direct_path };
  }

  private async hosts(isFresh: boolean): Promise<Hosts> {
    try {
      const { hosts, auth } = await this.socket.refreshMediaConn(isFresh);
      return { names: this.network.uploadHosts(hosts.map(({ hostname }) => hostname)), auth };
    } catch (error) {
      throw unavailable('session.not-connected', 'WhatsApp could not be reached.', error);
    }
  }
}

async function sealedHash(file: FileToUpload, keys: FileKeys): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const part of seal(await file.open(), keys)) hash.update(part);
  return hash.digest();
}

const gone = () => new AppError('not-found', 'media.gone', 'Neither WhatsApp nor the phone has the file any longer.');
const noAnswer = () => new AppError('timeout', 'media.no-answer', 'The phone did not answer; is it switched on?');
