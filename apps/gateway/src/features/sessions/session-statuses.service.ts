import { Inject, Injectable } from '@nestjs/common';
import type { SessionStatus } from '@app/database/entities/session.entity.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { type Fence, LeaseLostError } from '@app/whatsapp/auth/state-writer.js';
import type { LinkedAccount } from '@app/whatsapp/session-state.js';
import { DataSource, type EntityManager } from 'typeorm';

/** What a session is now. */
export interface SessionChange {
  status: SessionStatus;
  reason: string | null;
  account: LinkedAccount | null;
  /** The QR code on offer. */
  qr?: { text: string; expiresAt: Date };
  /** False when the session gave up: it is not started again until somebody asks for it. */
  staysStarted?: boolean;
}

interface FencedChange {
  fence: Fence;
  change: SessionChange;
}

/** Records what sessions are, together with the event that tells. Changes of an outdated owner are dropped. */
@Injectable()
export class SessionStatusesService {
  private readonly writes = new GroupCommit<FencedChange, boolean>((batch) => this.commit(batch));

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** Throws `LeaseLostError` when another process owns the session by now. */
  async record(fence: Fence, change: SessionChange): Promise<void> {
    if (!(await this.writes.add({ fence, change }))) throw new LeaseLostError(fence.sessionId);
  }

  private commit(batch: FencedChange[]): Promise<boolean[]> {
    return this.database.transaction(async (tx) => {
      const written: boolean[] = [];
      for (const { fence, change } of batch) written.push(await this.update(tx, fence, change));
      const events = batch.filter((_, index) => written[index]).flatMap(({ fence, change }) => eventsOf(fence, change));
      await this.outbox.add(tx, events);
      return written;
    });
  }

  private async update(tx: EntityManager, fence: Fence, change: SessionChange): Promise<boolean> {
    const { account, qr } = change;
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE sessions SET status = $3, reason = $4, wa_id = $5, phone = $5, lid = $6, push_name = $7,
         qr = $8, qr_expires_at = $9, desired_state = CASE WHEN $10 THEN desired_state ELSE 'stopped' END, updated_at = now()
       WHERE id = $1 AND EXISTS (SELECT 1 FROM session_leases WHERE session_id = $1 AND epoch = $2 FOR SHARE)`,
      [
        fence.sessionId,
        fence.epoch,
        change.status,
        change.reason,
        account?.waId ?? null,
        account?.lid ?? null,
        account?.name ?? null,
        qr?.text ?? null,
        qr?.expiresAt ?? null,
        change.staysStarted ?? true,
      ],
    );
    return count > 0;
  }
}

function eventsOf({ sessionId, tenantId }: Fence, { status, reason, account, qr }: SessionChange): NewEvent[] {
  if (qr)
    return [{ tenantId, sessionId, type: 'session.qr', data: { qr: qr.text, expiresAt: qr.expiresAt.toISOString() } }];
  return [{ tenantId, sessionId, type: 'session.status', data: { status, reason, me: account } }];
}
