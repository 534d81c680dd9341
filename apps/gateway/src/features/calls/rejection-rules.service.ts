import { Injectable } from '@nestjs/common';
import type { Call } from '@app/database/entities/call.entity.js';
import type { CallRejection } from '@app/database/entities/session-settings.js';
import { CALLS_WAIT } from '@app/platform/events/channels.js';
import type { EntityManager } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import type { ActingSession } from '../messaging/message-projections.service.js';

/** A call does not ring longer; what comes late, after a time without a connection, is over. */
export const LONGEST_RING_MS = 60_000;

type Offer = Pick<Call, 'callerId' | 'groupId' | 'isVideo' | 'startedAt'>;

/** Knows which calls are rejected by the settings of their session. */
@Injectable()
export class RejectionRulesService {
  constructor(private readonly identities: IdentitiesService) {}

  /** What is to be done with a call that comes in; null for nothing. Once it is committed, whoever rejects is told. */
  async rejection(
    tx: EntityManager,
    session: ActingSession,
    call: Offer,
  ): Promise<Pick<Call, 'rejection' | 'rejectionText'> | null> {
    const { sessionId } = session;
    if (Date.now() - call.startedAt.getTime() > LONGEST_RING_MS) return null;
    const [row]: { rule: CallRejection | null }[] = await tx.query(
      `SELECT settings -> 'callRejection' AS rule FROM sessions WHERE id = $1`,
      [sessionId],
    );
    if (!row?.rule || !(await this.fits(tx, sessionId, row.rule, call))) return null;
    await tx.query('SELECT pg_notify($1, $2)', [CALLS_WAIT, sessionId]);
    return { rejection: 'due', rejectionText: row.rule.text ?? null };
  }

  private async fits(
    tx: EntityManager,
    sessionId: string,
    { kinds }: CallRejection,
    { isVideo, groupId, callerId }: Offer,
  ): Promise<boolean> {
    const fitting = ['all', isVideo ? 'video' : 'audio', ...(groupId === null ? [] : ['group'])];
    if (kinds.some((kind) => fitting.includes(kind))) return true;
    return kinds.includes('unknown') && !(await this.isInAddressBook(tx, sessionId, callerId));
  }

  private async isInAddressBook(tx: EntityManager, sessionId: string, waId: string): Promise<boolean> {
    const addressesOf = await this.identities.addressesOf(tx, [{ sessionId, waId }]);
    const found: unknown[] = await tx.query(
      `SELECT FROM wa_contacts WHERE session_id = $1 AND contact_id = ANY($2) AND name IS NOT NULL LIMIT 1`,
      [sessionId, addressesOf(sessionId, waId)],
    );
    return found.length > 0;
  }
}
