import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DEFAULT_ORIGIN, proto } from '@whiskeysockets/baileys';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { request } from 'undici';
import { unwrap } from '../content/read-message.js';
import { WaNetwork } from '../network.js';
import { fileKeys, unseal, verify } from './file-cipher.js';
import { type FileField, fileFields, fileKindOf } from './file-kind.js';

/** The file of a message on WhatsApp's servers. */
export interface WaFile {
  field: FileField;
  path: string;
  /** Null when it is not sealed. */
  mediaKey: Uint8Array | null;
  sha256: Uint8Array | null;
}

/** The file that a serialised message brings, or its card from 0 on; null when it brings none that could be had. */
export function fileOf(serialised: Buffer, card = -1): WaFile | null {
  const message = holderOf(unwrap(proto.Message.decode(serialised)), card);
  const field = fileFields.find((name) => message?.[name]);
  const file = field && message?.[field];
  if (!file) return null;
  const { directPath, url, mediaKey, fileSha256 } = file;
  const path = directPath || pathOf(url);
  const isSealed = mediaKey && mediaKey.length > 0;
  return path ? { field, path, mediaKey: isSealed ? mediaKey : null, sha256: fileSha256 ?? null } : null;
}

/** What has the file: the message, or the header of an interactive one. */
const holderOf = (message: proto.IMessage, card: number): proto.IMessage | null | undefined =>
  card >= 0 ? message.interactiveMessage?.carouselMessage?.cards?.[card]?.header : headOf(message);

const headOf = (message: proto.IMessage): proto.IMessage | null | undefined =>
  message.interactiveMessage?.header ?? message.buttonsMessage ?? message.templateMessage?.hydratedTemplate ?? message;

function pathOf(url: string | null | undefined): string | null {
  if (!url || !URL.canParse(url)) return null;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Downloads files of messages; needs no session. */
@Injectable()
export class WaFiles {
  constructor(private readonly network: WaNetwork) {}

  /**
   * The file in the clear, while it arrives, through the proxy of its session if that has one; the stream fails at the end when the file is not what the message says.
   * Throws `media.expired` when WhatsApp does not have it any longer, `media.download-failed` for other failures.
   */
  async open({ field, path, mediaKey, sha256 }: WaFile, proxyUrl: string | null): Promise<Readable> {
    const keys = mediaKey && (await fileKeys(mediaKey, fileKindOf(field)));
    const body = await this.download(path, proxyUrl);
    return Readable.from(verify(keys ? unseal(body, keys) : body, sha256), { objectMode: false });
  }

  private async download(path: string, proxyUrl: string | null): Promise<AsyncIterable<Buffer> & Readable> {
    const answer = await request(this.network.downloadUrl(path), {
      dispatcher: this.network.route(proxyUrl).media,
      headers: { origin: DEFAULT_ORIGIN },
    }).catch((error: unknown) => {
      throw unavailable('media.download-failed', 'The file could not be downloaded from WhatsApp.', error);
    });
    // Breaking off is an error of the stream, which nobody may be listening to any more.
    answer.body.on('error', () => undefined);
    if (answer.statusCode === 200) return answer.body;
    answer.body.destroy();
    if (answer.statusCode === 404 || answer.statusCode === 410)
      throw new AppError('not-found', 'media.expired', 'WhatsApp does not have the file any longer.');
    throw unavailable('media.download-failed', `WhatsApp answered ${answer.statusCode} in place of the file.`);
  }
}
