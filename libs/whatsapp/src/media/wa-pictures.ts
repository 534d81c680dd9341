import { Injectable } from '@nestjs/common';
import { DEFAULT_ORIGIN } from '@whiskeysockets/baileys';
import { unavailable } from '@app/platform/errors/app-error.js';
import { request } from 'undici';
import { WaNetwork } from '../network.js';

const MAX_BYTES = 8 * 1024 * 1024;

/** Downloads pictures of people and groups; needs no session. */
@Injectable()
export class WaPictures {
  constructor(private readonly network: WaNetwork) {}

  /** Throws `media.download-failed`. */
  async download(url: string, proxyUrl: string | null): Promise<Buffer> {
    try {
      const answer = await request(url, {
        dispatcher: this.network.route(proxyUrl).media,
        headers: { origin: DEFAULT_ORIGIN },
      });
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of answer.body as AsyncIterable<Buffer>) {
        size += part.length;
        // Breaking off ends the transfer, too.
        if (size > MAX_BYTES) throw new Error('it is too large');
        parts.push(part);
      }
      if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`);
      return Buffer.concat(parts);
    } catch (error) {
      throw unavailable('media.download-failed', 'The picture could not be downloaded from WhatsApp.', error);
    }
  }
}
