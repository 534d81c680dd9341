import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MESSAGES_WAIT } from '@app/platform/events/channels.js';
import type { EntityManager } from 'typeorm';
import { MessageProjectionsService, type SeenMessage } from '../message-projections.service.js';
import { PacedQueueService } from './paced-queue.service.js';
import { RegimesService } from './regimes.service.js';

/** Has what waits in a chat judged again as soon as the other side writes there: it is an answer from then on. */
@Injectable()
export class AwaitedAnswersService implements OnModuleInit {
  constructor(
    private readonly projections: MessageProjectionsService,
    private readonly regimes: RegimesService,
    private readonly queue: PacedQueueService,
  ) {}

  onModuleInit(): void {
    this.projections.register((tx, messages) => this.release(tx, messages));
  }

  private async release(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    const answers = messages.filter(({ fromMe, sessionId }) => !fromMe && this.regimes.isRegulated(sessionId));
    for (const sessionId of new Set(answers.map((message) => message.sessionId))) {
      const chatIds = answers.filter((message) => message.sessionId === sessionId).map(({ chatId }) => chatId);
      // Heard when this transaction is committed.
      if (await this.queue.releaseChats(tx, sessionId, chatIds))
        await tx.query('SELECT pg_notify($1, $2)', [MESSAGES_WAIT, sessionId]);
    }
  }
}
