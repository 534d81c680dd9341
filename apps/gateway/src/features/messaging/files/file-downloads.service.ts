import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { DOWNLOADS_WAIT } from '@app/platform/events/channels.js';
import type { CarouselContent, Headed } from '@app/platform/events/interactive-content.js';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MessageProjectionsService, type SeenMessage } from '../message-projections.service.js';
import { type ClaimedDownload, DownloadQueueService } from './download-queue.service.js';
import { DownloadService } from './download.service.js';

const AT_ONCE = 6;
const POLL_MS = 1_000;

/**
 * Has the files of messages downloaded that came in. The rows are the queue, written together with the message: what a
 * process that died was at, another one takes over at once. Notifications make it quick, the poll makes it sure.
 */
@Injectable()
export class FileDownloadsService implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(FileDownloadsService.name);
  private readonly running = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private claiming: Promise<void> | null = null;
  private isWanted = false;
  private isStopping = false;

  constructor(
    private readonly queue: DownloadQueueService,
    private readonly projections: MessageProjectionsService,
    private readonly presence: ProcessPresence,
    private readonly download: DownloadService,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.projections.register((tx, messages) => this.queueSeen(tx, messages));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('jobs')) return;
    await this.presence.announce();
    await this.presence.listen(DOWNLOADS_WAIT, () => void this.look());
    this.timer = setInterval(() => void this.look(), POLL_MS);
    void this.look();
  }

  /** What is on its way is broken off: another process does it again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.claiming;
    this.download.stop();
    await Promise.allSettled(this.running);
  }

  private async queueSeen(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    const waiting = messages.filter(awaitsFile).map(({ id }) => id);
    await this.queue.addWanted(tx, waiting, this.config.mediaDownload);
  }

  private look(): Promise<void> {
    this.isWanted = true;
    this.claiming ??= this.claim().finally(() => (this.claiming = null));
    return this.claiming;
  }

  private async claim(): Promise<void> {
    try {
      while (this.isWanted && !this.isStopping && this.running.size < AT_ONCE) {
        this.isWanted = false;
        for (const row of await this.queue.claim(AT_ONCE - this.running.size)) this.start(row);
      }
    } catch (error) {
      // The poll tries again.
      this.logger.warn(`downloads could not be claimed: ${error instanceof AppError ? error.code : String(error)}`);
    }
  }

  private start(row: ClaimedDownload): void {
    const work = this.download
      .run(row)
      .catch((error: unknown) =>
        this.logger.error('a download could not be noted', error instanceof Error ? error.stack : undefined),
      )
      .finally(() => {
        this.running.delete(work);
        if (!this.isStopping) void this.look();
      });
    this.running.add(work);
  }
}

/** Whether a message brings a file that is not here. Most bring none, and cost no question to the database. */
function awaitsFile({ content }: SeenMessage): boolean {
  const { media, cards = [] } = (content ?? {}) as Partial<CarouselContent & Headed>;
  return [media, ...cards.map((card) => card.media)].some((file) => file?.status === 'waiting');
}
