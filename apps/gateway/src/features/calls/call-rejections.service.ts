import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Call } from '@app/database/entities/call.entity.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { CALLS_WAIT } from '@app/platform/events/channels.js';
import { Repository } from 'typeorm';
import { MessagesService } from '../messaging/messages.service.js';
import { type LiveSession, SessionTrafficService } from '../sessions/session-traffic.service.js';
import { CallEventsService } from './call-events.service.js';
import { LONGEST_RING_MS } from './rejection-rules.service.js';

/** Rejects calls that are to be rejected, and writes to their callers: each once, also when the process dies in between. */
@Injectable()
export class CallRejectionsService implements OnModuleInit {
  private readonly logger = new Logger(CallRejectionsService.name);
  /** The work on each session; what comes meanwhile waits for its end. */
  private readonly working = new Map<string, Promise<void>>();

  constructor(
    @InjectRepository(Call) private readonly calls: Repository<Call>,
    private readonly events: CallEventsService,
    private readonly messages: MessagesService,
    private readonly traffic: SessionTrafficService,
    private readonly presence: ProcessPresence,
  ) {}

  async onModuleInit(): Promise<void> {
    this.traffic.register({ onReady: (session) => void this.work(session) });
    await this.presence.listen(CALLS_WAIT, (sessionId) => {
      for (const session of this.traffic.named(sessionId)) void this.work(session);
    });
  }

  /** Rejects a call that is due, and writes to the caller. Throws what WhatsApp refuses. */
  async reject(session: LiveSession, call: Call): Promise<void> {
    const { sessionId, callId } = call;
    if (call.state === 'ringing') {
      await session.connection?.own.calls.reject(callId, call.callerDevice ?? call.callerId);
      await this.calls.manager.transaction((tx) => this.events.rejected(tx, session, call));
    }
    if (call.rejectionText !== null) await this.write(session, call, call.rejectionText);
    await this.calls.update({ sessionId, callId }, { rejection: 'done' });
  }

  private async write({ tenantId, sessionId }: LiveSession, { callId, callerId }: Call, text: string): Promise<void> {
    const actor = { tenantId, userId: '', role: 'owner' as const };
    // Whatever happens, the same call makes the same message.
    const idempotencyKey = `call-rejected:${callId}`;
    await this.messages.accept(actor, sessionId, { to: callerId, content: { type: 'text', text }, idempotencyKey });
  }

  private work(session: LiveSession): Promise<void> {
    const { sessionId } = session;
    const before = this.working.get(sessionId) ?? Promise.resolve();
    const work = before
      .then(() => this.rejectDue(session))
      .catch((error: unknown) => {
        this.logger.warn(`a call could not be rejected: ${(error as Error).message}`);
      })
      .finally(() => {
        if (this.working.get(sessionId) === work) this.working.delete(sessionId);
      });
    this.working.set(sessionId, work);
    return work;
  }

  private async rejectDue(session: LiveSession): Promise<void> {
    if (!session.connection) return;
    const { sessionId } = session;
    const due = await this.calls.findBy({ sessionId, rejection: 'due' });
    for (const call of due) {
      const isOver = call.state !== 'ringing' && call.state !== 'rejected';
      if (isOver || Date.now() - call.startedAt.getTime() > LONGEST_RING_MS)
        await this.calls.update({ sessionId, callId: call.callId }, { rejection: null });
      else await this.reject(session, call);
    }
  }
}
