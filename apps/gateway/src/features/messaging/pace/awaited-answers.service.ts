import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MESSAGES_WAIT } from '@app/platform/events/channels.js';
import type { EntityManager } from 'typeorm';
import { LimitsService } from '../../limits/limits.service.js';
import { MessageProjectionsService, type SeenMessage } from '../message-projections.service.js';
import { PacedQueueService } from './paced-queue.service.js';
import { RegimesService } from './regimes.service.js';

/** Lets go what is held back in a chat as soon as the other side writes there: it is an answer from then on. */
@Injectable()
export class AwaitedAnswersService implements OnModuleInit {
  constructor(
    private readonly projections: MessageProjectionsService,
    private readonly limits: LimitsService,
    private readonly regimes: RegimesService,
    private readonly queue: PacedQueueService,
  ) {}

  onModuleInit(): void {
    this.projections.register((tx, messages) => this.release(tx, messages));
  }

  private async release(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    const answers = messages.filter(({ fromMe, sessionId }) => !fromMe && this.holdsBack(sessionId));
    for (const sessionId of new Set(answers.map((message) => message.sessionId))) {
      const chatIds = answers.filter((message) => message.sessionId === sessionId).map(({ chatId }) => chatId);
      await this.queue.releaseChats(tx, sessionId, chatIds);
      // Heard when this transaction is committed.
      await tx.query('SELECT pg_notify($1, $2)', [MESSAGES_WAIT, sessionId]);
    }
  }

  private holdsBack(sessionId: string): boolean {
    const hasBudget = this.regimes.of(sessionId)?.pacing.newChatsPerDay !== undefined;
    return hasBudget || this.limits.holds(sessionId).length > 0;
  }
}
