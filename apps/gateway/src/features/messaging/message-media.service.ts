import { setTimeout as sleep } from 'node:timers/promises';
import { runPrepared } from '@app/database/prepared.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { Injectable } from '@nestjs/common';
import { FILE_OF } from './files/files.queries.js';
import { MessageStoreService } from './message-store.service.js';

const LOOK_AGAIN_MS = 250;

/** Files of messages, for those who can wait for them. */
@Injectable()
export class MessageMediaService {
  constructor(private readonly store: MessageStoreService) {}

  /** The file of a message, once it is in the library; null if it is not within that time, or will not be. */
  async settled(tenantId: string, id: string, waitMs: number): Promise<MessageFile | null> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const [found] = await runPrepared<{ media: MessageFile | null; isAwaited: boolean }>(
        this.store.messages.manager,
        FILE_OF,
        [tenantId, id],
      );
      if (found?.media?.status === 'stored') return found.media;
      if (!found?.isAwaited || Date.now() >= deadline) return null;
      await sleep(LOOK_AGAIN_MS, undefined, { ref: false });
    }
  }
}
