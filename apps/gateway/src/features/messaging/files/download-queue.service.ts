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

  /** Queues the files of messages that wait for theirs, and wakes whoever downloads. */
  async add(tx: EntityManager, messageIds: string[], { isAskedFor }: { isAskedFor: boolean }): Promise<void> {
    if (messageIds.length) await runPrepared(tx, QUEUE_DOWNLOADS, [messageIds, DOWNLOADS_WAIT, isAskedFor]);
  }

  /** Up to so many that are due, for this process; whoever had them before has died. */
  claim(most: number): Promise<ClaimedDownload[]> {
    return runPrepared(this.database, CLAIM_DOWNLOADS, [this.presence.id, most]);
  }

  async retry({ messageId }: ClaimedDownload, seconds: number, path: string | null = null): Promise<void> {
    await runPrepared(this.database, RETRY_DOWNLOAD, [messageId, this.presence.id, seconds, path]);
  }

  /** Ends a download, one way or the other, with the event that tells. Whoever lost the claim meanwhile says nothing. */
  async end(
    { messageId, tenantId, sessionId }: ClaimedDownload,
    known: Partial<MessageFile>,
    link: string | null = null,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const mine = await runPrepared(tx, END_DOWNLOAD, [messageId, this.presence.id]);
      if (!mine.length) return;
      const [message] = await runPrepared<UpdatedFile>(tx, UPDATE_FILE, [messageId, JSON.stringify(known)]);
      if (!message) return;
      await this.outbox.add(tx, [{ tenantId, sessionId, type: 'message.media', data: { ...message, link } }]);
    });
  }
}
