import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WaAck } from '@app/whatsapp/map/receipt.js';
import { LimitsService } from '../limits/limits.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { refusalCode } from './message-errors.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessageStatusesService } from './message-statuses.service.js';

/** Refusals that are about the account rather than the message, and what holds an account back then. */
const holdOf: Record<string, string> = { '463': 'account-restricted', '475': 'account-capped' };

/** Records what WhatsApp says to messages. One that it refuses fails, or waits until the account may send it. */
@Injectable()
export class MessageAcksService implements Partial<TrafficHandler>, OnModuleInit {
  constructor(
    private readonly traffic: SessionTrafficService,
    private readonly limits: LimitsService,
    private readonly statuses: MessageStatusesService,
    private readonly sender: MessageSenderService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
  }

  onAck(session: LiveSession, { messageId, errorCode }: WaAck): void {
    if (errorCode !== null) void this.settle(session, messageId, errorCode);
    else void this.statuses.record({ session, messageId, status: 'server_ack', at: new Date() });
  }

  /** Never repeats at once what an account may not send: each try makes its restriction worse. */
  private async settle(session: LiveSession, messageId: string, code: string): Promise<void> {
    const at = new Date();
    const hold = code in holdOf ? await this.holdFor(session, code) : undefined;
    if (!hold) {
      const errorCode = refusalCode(code);
      return this.statuses.record({ session, messageId, status: 'failed', at, errorCode });
    }
    await this.statuses.record({ session, messageId, status: 'pending', at, hold });
    void this.sender.refill(session, false);
  }

  private async holdFor(session: LiveSession, code: string) {
    const find = () => this.limits.holds(session.sessionId).find(({ reason }) => reason === holdOf[code]);
    const known = find();
    if (known) return known;
    await this.limits.ask(session);
    return find();
  }
}
