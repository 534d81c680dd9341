import { Replay } from '@app/database/entities/replay.entity.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { REPLAYS_WAIT } from '@app/platform/events/channels.js';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository, type EntityManager } from 'typeorm';
import { DELETE_FINISHED, NOTE_REPLAYS, QUEUE_AGAIN } from './replay.queries.js';
import {
  nextDeliveries,
  nextEvents,
  PAIRS_OF_DELIVERIES,
  SENT_BEFORE,
  type Pair,
  type ReplaySource,
} from './replay-source.js';

const BATCH = 500;
const POLL_MS = 5000;

/** Where the next batch begins; null after the last. */
interface Batch {
  pairs: Pair[];
  next: string[] | null;
}

/**
 * Works replays batch by batch. A batch and how far it has come are one transaction, so a replay goes on after a crash
 * where it stood, in whichever process looks first.
 */
@Injectable()
export class ReplayRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ReplayRunner.name);
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | null = null;
  private isStopping = false;

  constructor(
    @InjectRepository(Replay) private readonly replays: Repository<Replay>,
    private readonly presence: ProcessPresence,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('jobs')) return;
    await this.presence.announce();
    await this.presence.listen(REPLAYS_WAIT, () => void this.work());
    this.timer = setInterval(() => void this.work(), POLL_MS).unref();
    void this.work();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Works one replay to its end, unless another process is at it. */
  async run(id: string): Promise<void> {
    while (!this.isStopping && (await this.step(id)));
  }

  private work(): Promise<void> {
    this.working ??= this.workAll()
      .catch((error: unknown) => this.log.warn(`replays stand still: ${(error as Error).message}`))
      .finally(() => (this.working = null));
    return this.working;
  }

  /** By turns, so that a small one does not wait for a large one. */
  private async workAll(): Promise<void> {
    for (let isMore = true; isMore && !this.isStopping;) {
      isMore = false;
      const waiting = await this.replays.find({ where: { finishedAt: IsNull() }, select: { id: true }, take: 100 });
      for (const { id } of waiting) if (!this.isStopping && (await this.step(id))) isMore = true;
    }
  }

  /** Whether there is more to do. */
  private step(id: string): Promise<boolean> {
    return this.replays.manager.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
      const replay = await tx.findOne(Replay, { where: { id, finishedAt: IsNull() }, lock });
      if (!replay) return false;
      const { pairs, next } = await this.next(tx, replay);
      const queued = pairs.length ? await this.queue(tx, replay, pairs) : 0;
      const progress = { queued: replay.queued + queued, position: next ?? replay.position };
      await tx.update(Replay, { id }, { ...progress, finishedAt: next ? null : () => 'now()' });
      return next !== null;
    });
  }

  private async queue(tx: EntityManager, { removeAfter, destinationId }: Replay, pairs: Pair[]): Promise<number> {
    const [done] = await tx.query<{ queued: number; repeated: string[] }[]>(QUEUE_AGAIN, [
      pairs.map((pair) => pair.eventId),
      pairs.map((pair) => destinationId ?? pair.destinationId),
      pairs.map((pair) => pair.replayOf),
    ]);
    const { queued = 0, repeated = [] } = done ?? {};
    if (repeated.length) await tx.query(removeAfter ? DELETE_FINISHED : NOTE_REPLAYS, [repeated]);
    return queued;
  }

  private next(tx: EntityManager, replay: Replay): Promise<Batch> {
    const source = replay.source as ReplaySource;
    return source.of === 'events' ? nextOfEvents(tx, replay, source) : nextOfDeliveries(tx, replay, source);
  }
}

async function nextOfEvents(
  tx: EntityManager,
  { position, destinationId }: Replay,
  source: ReplaySource & { of: 'events' },
): Promise<Batch> {
  const { sql, values } = nextEvents(source, position, BATCH);
  const events = await tx.query<{ id: string; transactionId: string; position: string }[]>(sql, values);
  const ids = events.map(({ id }) => id);
  const last = events.length === BATCH ? events.at(-1) : undefined;
  const pairs = destinationId
    ? ids.map((eventId) => ({ eventId, destinationId, replayOf: null }))
    : await tx.query<Pair[]>(SENT_BEFORE, [source.tenantId, ids]);
  return { pairs, next: last ? [last.transactionId, last.position] : null };
}

async function nextOfDeliveries(
  tx: EntityManager,
  { position }: Replay,
  source: ReplaySource & { of: 'deliveries' },
): Promise<Batch> {
  const { sql, values } = nextDeliveries(source, position?.[0] ?? null, BATCH);
  const [found] = await tx.query<{ ids: string[]; edge: string | null }[]>(sql, values);
  const { ids = [], edge = null } = found ?? {};
  const pairs = ids.length ? await tx.query<Pair[]>(PAIRS_OF_DELIVERIES, [ids]) : [];
  const last = ids.length === BATCH ? ids.at(-1) : edge;
  return { pairs, next: last ? [last] : null };
}
