import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, conflict } from '@app/platform/errors/app-error.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import type { Content } from '@app/platform/http/serve-content.js';
import { Injectable } from '@nestjs/common';
import { MediaService } from '../../media/media.service.js';
import { MessageStoreService } from '../message-store.service.js';
import { MessagesService } from '../messages.service.js';
import { DownloadQueueService } from './download-queue.service.js';
import { fileIn } from './file-order.js';

/** The file of a message, for those who ask for it. */
@Injectable()
export class MessageFilesService {
  constructor(
    private readonly messages: MessagesService,
    private readonly store: MessageStoreService,
    private readonly media: MediaService,
    private readonly queue: DownloadQueueService,
  ) {}

  /**
   * The content of the file. One that is not in the library, or not any longer, is downloaded from then on:
   * `media.not-ready`. One that was not to be had is not tried again by itself: `media.failed`.
   */
  async content(actor: Actor, sessionId: string, id: string, card?: number): Promise<Content> {
    const message = await this.messages.get(actor, sessionId, id);
    const { status, errorCode, id: fileId } = fileOf(message, card);
    const file = await this.find(actor, fileId);
    if (file) return this.media.contentOf(file);
    if (status === 'failed')
      throw conflict('media.failed', `The file was not to be had (${errorCode ?? 'unknown'}); \`retry\` tries again.`);
    await this.download(message, card);
    throw conflict('media.not-ready', 'The file is being downloaded; ask again, or wait for the event message.media.');
  }

  /** Has the file downloaded once more, unless it is there. */
  async retry(actor: Actor, sessionId: string, id: string, card?: number): Promise<Message> {
    const message = await this.messages.get(actor, sessionId, id);
    if (await this.find(actor, fileOf(message, card).id)) return message;
    await this.download(message, card);
    return this.messages.get(actor, sessionId, id);
  }

  /** Whoever may see the message may see its file, whosever it is in the library. */
  private async find({ tenantId }: Actor, id: string | null): Promise<MediaFile | null> {
    if (id === null) return null;
    return this.media.get({ tenantId }, id).catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'not-found') return null;
      throw error;
    });
  }

  private async download({ id }: Message, card = OWN): Promise<void> {
    await this.store.messages.manager.transaction((tx) => this.queue.add(tx, { messageId: id, card }));
  }
}

/** The file of the message itself rather than that of a card. */
const OWN = -1;

function fileOf(message: Message, card = OWN): MessageFile {
  const file = fileIn(message, card);
  if (!file) throw new AppError('not-found', 'message.no-file', 'The message brings no file.');
  return file;
}
