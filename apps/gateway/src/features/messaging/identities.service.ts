import { Inject, Injectable, Logger } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import { FIND_PHONES, LEARN_IDENTITIES } from './messages.queries.js';

export interface Identity {
  tenantId: string;
  sessionId: string;
  lid: string;
  phone: string;
}

/** The one table that maps LID ↔ phone number, per session as that session learnt it. */
@Injectable()
export class IdentitiesService {
  private readonly logger = new Logger(IdentitiesService.name);
  /** `session lid` → phone; what is in here is in the table too. */
  private readonly known = new LRUCache<string, string>({ max: 50_000 });

  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  /** Stores pairs that came on their own; a failure is logged, for the pair will come again. */
  async learnSoon(pairs: Identity[]): Promise<void> {
    await this.learn(this.database.manager, pairs).catch((error: unknown) =>
      this.logger.error('an address pair could not be stored', error instanceof Error ? error.stack : undefined),
    );
  }

  /** Stores pairs that are new. */
  async learn(tx: EntityManager, pairs: Identity[]): Promise<void> {
    const fresh = pairs.filter(({ sessionId, lid, phone }) => this.known.get(keyOf(sessionId, lid)) !== phone);
    if (!fresh.length) return;
    await runPrepared(tx, LEARN_IDENTITIES, [
      fresh.map(({ sessionId }) => sessionId),
      fresh.map(({ lid }) => lid),
      fresh.map(({ tenantId }) => tenantId),
      fresh.map(({ phone }) => phone),
    ]);
    for (const { sessionId, lid, phone } of fresh) this.known.set(keyOf(sessionId, lid), phone);
  }

  /** Phone numbers of LIDs as far as they are known; `phone(sessionId, lid)` answers null for the others. */
  async phonesOf(
    tx: EntityManager,
    lids: { sessionId: string; lid: string }[],
  ): Promise<(sessionId: string, lid: string) => string | null> {
    const missing = lids.filter(({ sessionId, lid }) => !this.known.has(keyOf(sessionId, lid)));
    if (missing.length) {
      const rows = await runPrepared<Omit<Identity, 'tenantId'>>(tx, FIND_PHONES, [
        missing.map(({ sessionId }) => sessionId),
        missing.map(({ lid }) => lid),
      ]);
      for (const { sessionId, lid, phone } of rows) this.known.set(keyOf(sessionId, lid), phone);
    }
    return (sessionId, lid) => this.known.get(keyOf(sessionId, lid)) ?? null;
  }
}

const keyOf = (sessionId: string, lid: string) => `${sessionId} ${lid}`;
