import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import type { Content } from '@app/platform/http/serve-content.js';
import type { WantedPicture } from '@app/whatsapp/api/contacts.js';
import { WaPictures } from '@app/whatsapp/media/wa-pictures.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionProxyService } from '../sessions/session-proxy.service.js';

const askForPicture = command<WantedPicture, string>('contacts.picture');

/** The pictures of people and groups. */
@Injectable()
export class ContactPicturesService implements OnModuleInit {
  constructor(
    private readonly commands: SessionCommandsService,
    private readonly pictures: WaPictures,
    private readonly proxies: SessionProxyService,
  ) {}

  onModuleInit(): void {
    this.commands.on(askForPicture, ({ contacts }, wanted) => contacts.pictureUrl(wanted));
  }

  /** Of a person or a group. Throws `contact.no-picture`, `contact.picture-hidden`. */
  async link(actor: Actor, sessionId: string, wanted: WantedPicture): Promise<string> {
    return this.commands.run(actor, sessionId, askForPicture, wanted);
  }

  async content(actor: Actor, sessionId: string, wanted: WantedPicture): Promise<Content> {
    const bytes = await this.pictures.download(
      await this.link(actor, sessionId, wanted),
      await this.proxies.urlOf(sessionId),
    );
    return {
      mimeType: 'image/jpeg',
      sizeBytes: bytes.length,
      hash: createHash('sha256').update(bytes).digest('hex'),
      fileName: null,
      open: (range) => Promise.resolve(Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes])),
    };
  }
}
