import { Inject, Injectable, Logger } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import {
  DROP_TWINS,
  FIND_ADDRESSES,
  FIND_LID_MESSAGES,
  FIND_LIDS,
  FIND_PHONES,
  LEARN_IDENTITIES,
  LIST_IDENTITIES,
  MOVE_MESSAGES,
} from './identities.queries.js';

export interface Identity {
  tenantId: string;
  sessionId: string;
  lid: string;
  phone: string;
}

/** A pair as it is listed. */
export type IdentityRow = Pick<Identity, 'lid' | 'phone'> & { updatedAt: Date };

/** Something that has to move when the phone number behind a LID becomes known. */
export type IdentityMove = (tx: EntityManager, pairs: Identity[]) => Promise<void>;

/** The one table that maps LID ↔ phone number, per session as that session learnt it. */
@Injectable()
export class IdentitiesService {
  private readonly logger = new Logger(IdentitiesService.name);
  /** `session lid` → phone; what is in here is in the table too. */
  private readonly known = new LRUCache<string, string>({ max: 50_000 });

  private readonly moves: IdentityMove[] = [];

  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  /** Has `move` called in the transaction that stores pairs that were not known before. */
  onLearnt(move: IdentityMove): void {
    this.moves.push(move);
  }

  /** Stores pairs that came on their own; a failure is logged, for the pair will come again. */
  async learnSoon(pairs: Identity[]): Promise<void> {
    if (!this.unknown(pairs).length) return;
    await this.database
      .transaction((tx) => this.learn(tx, pairs))
      .catch((error: unknown) =>
        this.logger.error('an address pair could not be stored', error instanceof Error ? error.stack : undefined),
      );
  }

  /** Stores pairs that are new, and answers those; what was known under the LID alone becomes the phone number's. */
  async learn(tx: EntityManager, pairs: Identity[]): Promise<Identity[]> {
    const unknown = this.unknown(pairs);
    if (!unknown.length) return [];
    const learnt = await runPrepared<Identity>(tx, LEARN_IDENTITIES, [
      unknown.map(({ sessionId }) => sessionId),
      unknown.map(({ lid }) => lid),
      unknown.map(({ tenantId }) => tenantId),
      unknown.map(({ phone }) => phone),
    ]);
    if (learnt.length) await this.move(tx, learnt);
    // What was learnt just now may yet be rolled back.
    const isNew = new Set(learnt.map(({ sessionId, lid }) => keyOf(sessionId, lid)));
    for (const { sessionId, lid, phone } of unknown)
      if (!isNew.has(keyOf(sessionId, lid))) this.known.set(keyOf(sessionId, lid), phone);
    return learnt;
  }

  private unknown(pairs: Identity[]): Identity[] {
    return pairs.filter(({ sessionId, lid, phone }) => this.known.get(keyOf(sessionId, lid)) !== phone);
  }

  private async move(tx: EntityManager, pairs: Identity[]): Promise<void> {
    const columns = [
      pairs.map(({ sessionId }) => sessionId),
      pairs.map(({ lid }) => lid),
      pairs.map(({ phone }) => phone),
    ];
    const found = await runPrepared(tx, FIND_LID_MESSAGES, columns.slice(0, 2));
    if (found.length) {
      await runPrepared(tx, DROP_TWINS, columns);
      await runPrepared(tx, MOVE_MESSAGES, columns);
    }
    for (const move of this.moves) await move(tx, pairs);
  }

  /** A chat or person under the address that is stored: the phone number, when it belongs to the LID. */
  async resolve(sessionId: string, waId: string): Promise<string> {
    if (!waId.endsWith('@lid')) return waId;
    const phoneOf = await this.phonesOf(this.database.manager, [{ sessionId, lid: waId }]);
    return phoneOf(sessionId, waId) ?? waId;
  }

  /** The pairs of a session that come after a LID. */
  async list(sessionId: string, { after, limit }: { after: string; limit: number }): Promise<IdentityRow[]> {
    return runPrepared<IdentityRow>(this.database, LIST_IDENTITIES, [sessionId, after, limit]);
  }

  /** The LIDs of phone numbers, as far as they are known. */
  async lidsOf(sessionId: string, phones: string[], manager = this.database.manager): Promise<Map<string, string>> {
    if (!phones.length) return new Map();
    const rows = await runPrepared<{ phone: string; lid: string }>(manager, FIND_LIDS, [sessionId, phones]);
    return new Map(rows.map(({ phone, lid }) => [phone, lid]));
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

  /** Every address that is known of a chat or person, the given one first. */
  async spellings(sessionId: string, waId: string): Promise<string[]> {
    if (chatKindOf(waId) !== 'person') return [waId];
    return (await this.addressesOf(this.database.manager, [{ sessionId, waId }]))(sessionId, waId);
  }

  /** Every address that is known of some people, by `sessionId waId`; each person has at least the given one. */
  async addressesOf(
    tx: EntityManager,
    people: { sessionId: string; waId: string }[],
  ): Promise<(sessionId: string, waId: string) => string[]> {
    const rows = people.length
      ? await runPrepared<Omit<Identity, 'tenantId'>>(tx, FIND_ADDRESSES, [
          people.map(({ sessionId }) => sessionId),
          people.map(({ waId }) => waId),
        ])
      : [];
    return (sessionId, waId) => {
      const known = rows.filter((row) => row.sessionId === sessionId && [row.lid, row.phone].includes(waId));
      return [...new Set([waId, ...known.flatMap(({ phone, lid }) => [phone, lid])])];
    };
  }
}

const keyOf = (sessionId: string, lid: string) => `${sessionId} ${lid}`;
