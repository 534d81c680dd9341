import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import { DataSource } from 'typeorm';

/** Which owner writes: a write whose epoch is no longer the lease's is refused. */
export interface Fence {
  sessionId: string;
  tenantId: string;
  epoch: string;
}

export interface JournalRow {
  key: string;
  messageId: string;
  sealed: Buffer;
}

/** A row of the Signal store. Sealed when it is written, since only the last of several values is; null deletes. */
interface KeyRow {
  type: string;
  id: string;
  seal: (() => Buffer) | null;
}

/** Rows of one session that must become durable together. */
export interface StateWrite {
  fence: Fence;
  keys: KeyRow[];
  journal: JournalRow[];
  credentials: Buffer | null;
}

/** Another process owns the session now; what this one holds is history. */
export class LeaseLostError extends Error {
  constructor(sessionId: string) {
    super(`the lease of ${sessionId} was lost`);
  }
}

/*
 * One statement for a whole batch. The fence locks the lease rows, so that a take-over waits for writes that passed the
 * check, and nothing of an outdated owner gets in.
 */
const WRITE = {
  name: 'whatsapp.write-state',
  text: `
WITH fence AS MATERIALIZED (
  SELECT l.session_id FROM session_leases l JOIN unnest($1::text[], $2::bigint[]) AS f(session_id, epoch) USING (session_id)
  WHERE l.epoch = f.epoch ORDER BY l.session_id FOR SHARE OF l
), upserted AS (
  INSERT INTO signal_keys (session_id, tenant_id, type, id, sealed)
  SELECT k.* FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[]) AS k(session_id, tenant_id, type, id, sealed)
  JOIN fence USING (session_id)
  ON CONFLICT (session_id, type, id) DO UPDATE SET sealed = excluded.sealed
), deleted AS (
  DELETE FROM signal_keys k USING unnest($8::text[], $9::text[], $10::text[]) AS d(session_id, type, id), fence
  WHERE k.session_id = d.session_id AND k.type = d.type AND k.id = d.id AND fence.session_id = d.session_id
), journalled AS (
  INSERT INTO inbound_journal (session_id, tenant_id, key, message_id, sealed)
  SELECT j.* FROM unnest($11::text[], $12::text[], $13::text[], $14::text[], $15::bytea[]) AS j(session_id, tenant_id, key, message_id, sealed)
  JOIN fence USING (session_id)
  ON CONFLICT DO NOTHING
), credentials AS (
  INSERT INTO session_credentials (session_id, tenant_id, sealed)
  SELECT c.* FROM unnest($16::text[], $17::text[], $18::bytea[]) AS c(session_id, tenant_id, sealed)
  JOIN fence USING (session_id)
  ON CONFLICT (session_id) DO UPDATE SET sealed = excluded.sealed
)
SELECT session_id AS "sessionId" FROM fence`,
};

/** Writes the WhatsApp state of all sessions of this process; what waits at the same moment shares one commit. */
@Injectable()
export class StateWriter implements OnApplicationShutdown {
  /** Owners one of whose writes failed, or that are done. */
  private readonly broken = new WeakSet<Fence>();
  // Not isolated: a session whose write may have failed must end, never go on with half of it.
  private readonly writes = new GroupCommit<StateWrite, boolean>((batch) => this.commit(batch), { isolate: false });

  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  /** Resolves once the rows are committed. Throws `LeaseLostError`, or the database's error. */
  async write(rows: StateWrite): Promise<void> {
    if (!(await this.writes.add(rows))) throw new LeaseLostError(rows.fence.sessionId);
  }

  /** From now on nothing of this owner gets in; what is being written at this moment still may. */
  refuse(fence: Fence): void {
    this.broken.add(fence);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  private async commit(batch: StateWrite[]): Promise<boolean[]> {
    const usable = batch.filter(({ fence }) => !this.broken.has(fence));
    try {
      const owners = await this.run(usable);
      const held = new Set(owners.map(({ sessionId }) => sessionId));
      return batch.map(({ fence }) => held.has(fence.sessionId) && !this.broken.has(fence));
    } catch (error) {
      // Later writes build on these: not one of them may get in.
      for (const { fence } of usable) this.broken.add(fence);
      throw error;
    }
  }

  /** The statement is atomic, so a deadlock or a serialisation failure is simply repeated. */
  private async run(batch: StateWrite[], tries = 3): Promise<{ sessionId: string }[]> {
    try {
      return await runPrepared<{ sessionId: string }>(this.database, WRITE, parameters(batch));
    } catch (error) {
      if (tries > 1 && ['40P01', '40001'].includes((error as { code?: string }).code ?? ''))
        return this.run(batch, tries - 1);
      throw error;
    }
  }
}

/** Columns of all writes; of several values for one row the last wins. */
function parameters(batch: StateWrite[]): unknown[] {
  const epochs = new Map<string, string>();
  const keys = new Map<string, { row: string[]; seal: KeyRow['seal'] }>();
  const credentials = new Map<string, [string, string, Buffer]>();
  const journal = new Map<string, [string, string, string, string, Buffer]>();
  for (const { fence, ...rows } of batch) {
    const { sessionId, tenantId } = fence;
    epochs.set(sessionId, fence.epoch);
    for (const { type, id, seal } of rows.keys)
      keys.set(`${sessionId} ${type} ${id}`, { row: [sessionId, tenantId, type, id], seal });
    for (const row of rows.journal)
      journal.set(`${sessionId} ${row.key}`, [sessionId, tenantId, row.key, row.messageId, row.sealed]);
    if (rows.credentials) credentials.set(sessionId, [sessionId, tenantId, rows.credentials]);
  }
  const kept = [...keys.values()].flatMap(({ row, seal }) => (seal ? [{ row, sealed: seal() }] : []));
  const gone = [...keys.values()].filter(({ seal }) => !seal);
  return [
    [...epochs.keys()],
    [...epochs.values()],
    ...columns(
      kept.map(({ row }) => row),
      4,
    ),
    kept.map(({ sealed }) => sealed),
    ...[0, 2, 3].map((index) => gone.map(({ row }) => row[index])),
    ...columns([...journal.values()], 5),
    ...columns([...credentials.values()], 3),
  ];
}

const columns = (rows: unknown[][], width: number) =>
  Array.from({ length: width }, (_, index) => rows.map((row) => row[index]));
