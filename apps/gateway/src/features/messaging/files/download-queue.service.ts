import { runPrepared } from '@app/database/prepared.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { DOWNLOADS_WAIT } from '@app/platform/events/channels.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CLAIM_DOWNLOADS, END_DOWNLOAD, QUEUE_DOWNLOADS, RETRY_DOWNLOAD, UPDATE_FILE } from './files.queries.js';

/** A download that this process is to do. */
export interface ClaimedDownload {
  /** Own id of the message. */
  messageId: string;
  /** Which card shows the file; -1 for that of the message itself. */
  card: number;
  tenantId: string;
  sessionId: string;
  /** Where the file is by now; null while it is where the message says. */
  path: string | null;
  /** This one included. */
  attempts: number;
}

interface UpdatedFile {
  id: string;
  messageId: string;
  chatId: string;
  media: MessageFile;
}

/** The rows of files that are still to be downloaded. */
@Injectable()
export class DownloadQueueService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly presence: ProcessPresence,
    private readonly outbox: Outbox,
  ) {}

  /** Queues the files of messages that the sessions want by themselves, by default of these types; wakes whoever downloads. */
  async addWanted(tx: EntityManager, messageIds: string[], types: string[]): Promise<void> {
    if (!messageIds.length) return;
    await runPrepared(tx, QUEUE_DOWNLOADS, [messageIds, DOWNLOADS_WAIT, JSON.stringify(types), null]);
  }

  /** Queues one file that somebody asks for. */
  async add(tx: EntityManager, { messageId, card }: Pick<ClaimedDownload, 'messageId' | 'card'>): Promise<void> {
    await runPrepared(tx, UPDATE_FILE, [messageId, JSON.stringify({ status: 'waiting' }), card]);
    await runPrepared(tx, QUEUE_DOWNLOADS, [[messageId], DOWNLOADS_WAIT, null, card]);
  }

  /** Up to so many that are due, for this process; whoever had them before has died. */
  claim(most: number): Promise<ClaimedDownload[]> {
    return runPrepared(this.database, CLAIM_DOWNLOADS, [this.presence.id, most]);
  }

  async retry({ messageId, card }: ClaimedDownload, seconds: number, path: string | null = null): Promise<void> {
    await runPrepared(this.database, RETRY_DOWNLOAD, [messageId, this.presence.id, seconds, path, card]);
  }

  /** Ends a download, one way or the other, with the event that tells. Whoever lost the claim meanwhile says nothing. */
  async end(
    { messageId, card, tenantId, sessionId }: ClaimedDownload,
    known: Partial<MessageFile>,
    link: string | null = null,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const mine = await runPrepared(tx, END_DOWNLOAD, [messageId, this.presence.id, card]);
      if (!mine.length) return;
      const [message] = await runPrepared<UpdatedFile>(tx, UPDATE_FILE, [messageId, JSON.stringify(known), card]);
      if (!message) return;
      const data = { ...message, ...(card >= 0 && { card }), link };
      await this.outbox.add(tx, [{ tenantId, sessionId, type: 'message.media', data }]);
    });
  }
}
