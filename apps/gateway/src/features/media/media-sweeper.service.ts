import { isAliveSql } from '@app/platform/cluster/process-presence.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { Injectable } from '@nestjs/common';
import { MediaStoreService } from './media-store.service.js';
import { TenantStoragesService } from './tenant-storages.service.js';

const BATCH = 500;
/** Nobody writes one object for this long. */
const LONGEST_WRITE = '6 hours';

/** Files whose time is up, and what a process left when it died before its object was whole. */
const doomed = {
  expired: `status = 'ready' AND expires_at < now()`,
  abandoned: `status = 'pending' AND (NOT ${isAliveSql('owner')} OR created_at < now() - interval '${LONGEST_WRITE}')`,
};

export type Swept = Record<keyof typeof doomed | 'finished' | 'folders', number>;

/** Removes media that nobody needs any more, and finishes removals that a crash cut short. */
@Injectable()
export class MediaSweeperService {
  constructor(
    private readonly store: MediaStoreService,
    private readonly scratch: Scratch,
    private readonly buckets: TenantStoragesService,
  ) {}

  /** Can be stopped between batches and run again at any time. */
  async run(signal?: AbortSignal): Promise<Swept> {
    const swept: Swept = { expired: 0, abandoned: 0, finished: 0, folders: await this.scratch.sweep() };
    for (const reason of ['expired', 'abandoned'] as const)
      swept[reason] = await this.inBatches(() => this.condemn(doomed[reason]), signal);
    swept.finished = await this.inBatches(() => this.removed(), signal);
    await this.buckets.sweep();
    return swept;
  }

  private async inBatches(next: () => Promise<string[]>, signal?: AbortSignal): Promise<number> {
    let count = 0;
    for (let ids = await next(); ids.length && !signal?.aborted; ids = await next()) {
      await this.store.clear(ids);
      count += ids.length;
    }
    return count;
  }

  /** Decided in one statement: a file that is used at this moment moves its expiry first, or is gone for its user. */
  private async condemn(condition: string): Promise<string[]> {
    const [rows] = await this.store.files.query<[{ id: string }[], number]>(
      `UPDATE media_files SET status = 'removed', owner = NULL WHERE status <> 'removed' AND ${condition} AND id IN (
         SELECT id FROM media_files WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED) RETURNING id`,
    );
    return rows.map(({ id }) => id);
  }

  private async removed(): Promise<string[]> {
    const rows = await this.store.files.find({ select: { id: true }, where: { status: 'removed' }, take: BATCH });
    return rows.map(({ id }) => id);
  }
}
