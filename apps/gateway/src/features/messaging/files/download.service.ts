import type { Readable } from 'node:stream';
import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { fileOf, type WaFile, WaFiles } from '@app/whatsapp/media/wa-files.js';
import { Injectable, Logger } from '@nestjs/common';
import { MediaService } from '../../media/media.service.js';
import { SessionProxyService } from '../../sessions/session-proxy.service.js';
import { MessageStoreService } from '../message-store.service.js';
import { ReuploadsService } from './reuploads.service.js';
import { type ClaimedDownload, DownloadQueueService } from './download-queue.service.js';
import { fileIn, messageFile } from './file-order.js';

/** Over a bit more than a day. */
const TRIES = 12;
const FIRST_RETRY_S = 2;
const LAST_RETRY_S = 4 * 3_600;
/** What trying again does not change. */
const FINAL = new Set(['media.gone', 'media.too-large', 'media.empty', 'media.missing', 'message.not-found']);

/** Takes the file of a message from WhatsApp into the library, and tells. */
@Injectable()
export class DownloadService {
  private readonly logger = new Logger(DownloadService.name);
  private readonly arriving = new Set<Readable>();
  private isStopping = false;

  constructor(
    private readonly store: MessageStoreService,
    private readonly files: WaFiles,
    private readonly proxies: SessionProxyService,
    private readonly media: MediaService,
    private readonly reuploads: ReuploadsService,
    private readonly queue: DownloadQueueService,
  ) {}

  /** Breaks off what is on its way. */
  stop(): void {
    this.isStopping = true;
    for (const content of this.arriving) content.destroy(new Error('the process ends'));
  }

  async run(claimed: ClaimedDownload): Promise<void> {
    try {
      const file = await this.fetch(claimed);
      await this.queue.end(claimed, messageFile(file), this.media.linkTo(file));
    } catch (error) {
      await this.onFailure(claimed, error);
    }
  }

  private async fetch({ messageId, card, tenantId, sessionId, path }: ClaimedDownload): Promise<MediaFile> {
    const message = await this.store.messages.findOne({
      select: { id: true, content: true, proto: true },
      where: { id: messageId, tenantId },
    });
    if (!message?.proto) throw new AppError('not-found', 'message.not-found', 'The message is gone.');
    const file = fileOf(message.proto, card);
    if (!file) throw new AppError('not-found', 'media.missing', 'The message names no file.');
    const shown = fileIn(message, card);
    if (!shown) throw new AppError('not-found', 'message.not-found', 'The message is gone.');
    const { mimeType, fileName } = shown;
    const found: WaFile = { ...file, path: path ?? file.path };
    const content = await this.files.open(found, await this.proxies.urlOf(sessionId));
    this.arriving.add(content);
    try {
      return await this.media.store(tenantId, content, { mimeType, fileName, origin: 'inbound' });
    } finally {
      this.arriving.delete(content);
    }
  }

  private async onFailure(claimed: ClaimedDownload, error: unknown): Promise<void> {
    const code = error instanceof AppError ? error.code : 'media.download-failed';
    this.logger.warn(
      `the file of ${claimed.messageId} was not downloaded: ${error instanceof AppError ? code : String(error)}`,
    );
    if (this.isStopping) return this.queue.retry(claimed, 0);
    if (FINAL.has(code) || claimed.attempts >= TRIES)
      return this.queue.end(claimed, { status: 'failed', errorCode: code });
    if (code === 'media.expired') return this.askAgain(claimed);
    return this.queue.retry(claimed, Math.min(FIRST_RETRY_S * 3 ** (claimed.attempts - 1), LAST_RETRY_S));
  }

  /** WhatsApp has forgotten the file; the phone may still have it. */
  private async askAgain(claimed: ClaimedDownload): Promise<void> {
    try {
      await this.queue.retry(claimed, 0, await this.reuploads.request(claimed));
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'media.expired';
      if (code === 'media.expired') throw error;
      await this.onFailure(claimed, error);
    }
  }
}
