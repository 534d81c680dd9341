import { Inject, Injectable } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { Clock } from '@app/platform/clock/clock.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { COUNT_MESSAGE, FIND_QUOTA, UNCOUNT_MESSAGE } from './quota.queries.js';

interface Quota {
  perDay: number | null;
  perMonth: number | null;
}

/** For so long a new quota may go unnoticed by a process. */
const REMEMBERED_MS = 10_000;

/** How many messages a tenant may send on a day and in a month (UTC). A tenant without a quota costs nothing. */
@Injectable()
export class QuotaService {
  private readonly quotas = new LRUCache<string, { quota: Quota | null }>({ max: 10_000, ttl: REMEMBERED_MS });

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Counts a message. Throws `message.quota-used-up` when it would be one too many; it is not counted then. */
  async take(tenantId: string): Promise<void> {
    const quota = await this.quotaOf(tenantId);
    if (!quota) return;
    const now = this.clock.now();
    const values = [tenantId, dayOf(now), monthOf(now), quota.perDay, quota.perMonth];
    const [counted] = await runPrepared<{ today: number }>(this.database, COUNT_MESSAGE, values);
    if (!counted) throw await this.usedUp(tenantId, quota, now);
  }

  /** Takes back what was counted for a message that was not sent after all. */
  async giveBack(tenantId: string): Promise<void> {
    if (await this.quotaOf(tenantId))
      await runPrepared(this.database, UNCOUNT_MESSAGE, [tenantId, dayOf(this.clock.now())]);
  }

  private async quotaOf(tenantId: string): Promise<Quota | null> {
    const known = this.quotas.get(tenantId);
    if (known) return known.quota;
    const [quota] = await runPrepared<Quota>(this.database, FIND_QUOTA, [tenantId]);
    this.quotas.set(tenantId, { quota: quota ?? null });
    return quota ?? null;
  }

  private async usedUp(tenantId: string, { perDay }: Quota, now: Date): Promise<AppError> {
    const [row] = await this.database.query<{ count: number }[]>(
      'SELECT count FROM message_usage WHERE tenant_id = $1 AND day = $2',
      [tenantId, dayOf(now)],
    );
    const isDayOver = perDay !== null && (row?.count ?? 0) >= perDay;
    const end = isDayOver ? startOfDay(now, 1) : startOfMonth(now, 1);
    const retryAfterSeconds = Math.ceil((end - now.getTime()) / 1000);
    const detail = `The messages that this tenant may send ${isDayOver ? 'today' : 'this month'} are used up.`;
    return new AppError('rate-limited', 'message.quota-used-up', detail, { retryAfterSeconds });
  }
}

const startOfDay = (now: Date, later = 0) =>
  Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + later);
const startOfMonth = (now: Date, later = 0) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later, 1);
const dayOf = (now: Date) => new Date(startOfDay(now)).toISOString().slice(0, 10);
const monthOf = (now: Date) => new Date(startOfMonth(now)).toISOString().slice(0, 10);
