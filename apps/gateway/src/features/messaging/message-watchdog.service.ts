import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { DataSource } from 'typeorm';
import { type LiveSession, SessionTrafficService } from '../sessions/session-traffic.service.js';
import type { Outgoing } from './message-line.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { FIND_OVERDUE, FIND_STRANDED } from './messages.queries.js';

const LOOKS_PER_TIMEOUT = 4;
const MOST_PATIENT_LOOK_MS = 5_000;

type Overdue = Outgoing & Pick<Message, 'sessionId' | 'timeline'>;

/**
 * Looks after messages that got stuck on their way: those without WhatsApp's ack are sent again under the same id, and
 * given up in the end; those that nobody sends are brought to somebody's attention. It looks at rows, so nothing is
 * forgotten over a restart, and only at those of sessions that this process holds.
 */
@Injectable()
export class MessageWatchdogService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MessageWatchdogService.name);
  private readonly underWay = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly traffic: SessionTrafficService,
    private readonly sender: MessageSenderService,
    private readonly statuses: MessageStatusesService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.includes('sessions')) return;
    const everyMs = Math.min(MOST_PATIENT_LOOK_MS, this.config.sendAckTimeoutMs / LOOKS_PER_TIMEOUT);
    this.timer = setInterval(() => void this.look(), everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const online = new Map(this.traffic.all().flatMap((s) => (s.connection ? [[s.sessionId, s] as const] : [])));
    if (!online.size || this.isLooking) return;
    this.isLooking = true;
    try {
      const values = [[...online.keys()], new Date(this.clock.now().getTime() - this.config.sendAckTimeoutMs)];
      const overdue = await runPrepared<Overdue>(this.database, FIND_OVERDUE, values);
      for (const row of overdue) {
        const session = online.get(row.sessionId);
        if (session) void this.deal(session, row);
      }
      const stranded = await runPrepared<{ sessionId: string }>(this.database, FIND_STRANDED, values);
      for (const { sessionId } of stranded) void this.sender.nudge(sessionId);
    } catch (error) {
      this.logger.error('overdue messages could not be read', error instanceof Error ? error.stack : undefined);
    } finally {
      this.isLooking = false;
    }
  }

  private async deal(session: LiveSession, message: Overdue): Promise<void> {
    const { id, messageId, timeline } = message;
    if (this.underWay.has(id) || this.sender.isCatchingUp(session.sessionId)) return;
    this.underWay.add(id);
    try {
      if (unansweredResends(timeline) < this.config.sendRetries) await this.sender.resend(session, message);
      else {
        const errorCode = 'message.no-ack';
        await this.statuses.record({ session, messageId, status: 'failed', at: this.clock.now(), errorCode });
      }
    } finally {
      this.underWay.delete(id);
    }
  }
}

/** How often the message was sent again because no ack came, since it was last put in line. */
export function unansweredResends(timeline: Message['timeline']): number {
  const putInLine = timeline.findLastIndex(({ status }) => status === 'pending');
  return timeline.slice(putInLine + 1).filter(({ reason }) => reason === 'no-ack').length;
}
