import { Injectable } from '@nestjs/common';
import { Config } from '@app/platform/config/config.js';
import { isAliveSql, ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { InjectRepository } from '@nestjs/typeorm';
import { SessionLease } from '@app/database/entities/session-lease.entity.js';
import { Repository } from 'typeorm';

/**
 * Which process holds which session. A lease is free when nobody holds it, when this process does without knowing, when it ran out on the database's clock, or
 * when its owner is gone; whoever takes it gets the next epoch, and writes of earlier epochs are refused.
 */
@Injectable()
export class SessionLeasesService {
  constructor(
    @InjectRepository(SessionLease) private readonly leases: Repository<SessionLease>,
    private readonly presence: ProcessPresence,
    private readonly config: Config,
  ) {}

  /** Takes those of the sessions that are free; answers their epochs. */
  async acquire(sessionIds: string[]): Promise<Map<string, string>> {
    const rows: { sessionId: string; epoch: string }[] = await this.leases.query(
      `INSERT INTO session_leases AS l (session_id, owner, epoch, expires_at)
       SELECT id, $2, 1, now() + $3 * interval '1 ms' FROM unnest($1::text[]) AS s(id) ORDER BY id
       ON CONFLICT (session_id) DO UPDATE SET owner = excluded.owner, epoch = l.epoch + 1, expires_at = excluded.expires_at
       WHERE l.owner IS NULL OR l.owner = $2 OR l.expires_at < now() OR NOT ${isAliveSql('l.owner')}
       RETURNING session_id AS "sessionId", epoch`,
      [sessionIds, this.presence.id, this.config.leaseMs],
    );
    return new Map(rows.map(({ sessionId, epoch }) => [sessionId, epoch]));
  }

  /** Extends all leases of this process; answers the sessions that are still ours, with their epochs. */
  async renew(): Promise<Map<string, string>> {
    const [rows]: [{ sessionId: string; epoch: string }[]] = await this.leases.query(
      // In the order in which StateWriter locks them.
      `WITH mine AS MATERIALIZED (
         SELECT session_id FROM session_leases WHERE owner = $1 ORDER BY session_id FOR NO KEY UPDATE
       )
       UPDATE session_leases l SET expires_at = now() + $2 * interval '1 ms' FROM mine WHERE l.session_id = mine.session_id
       RETURNING l.session_id AS "sessionId", l.epoch`,
      [this.presence.id, this.config.leaseMs],
    );
    return new Map(rows.map(({ sessionId, epoch }) => [sessionId, epoch]));
  }

  /** Whether a living process other than this one holds the session. */
  async isHeldByOther(sessionId: string): Promise<boolean> {
    const rows: unknown[] = await this.leases.query(
      `SELECT 1 FROM session_leases WHERE session_id = $1 AND owner <> $2 AND expires_at > now() AND ${isAliveSql('owner')}`,
      [sessionId, this.presence.id],
    );
    return rows.length > 0;
  }

  /** Hands a session over; another process may take it at once. */
  async release(sessionId: string, epoch: string): Promise<void> {
    await this.leases.update({ sessionId, epoch, owner: this.presence.id }, { owner: null });
  }
}
