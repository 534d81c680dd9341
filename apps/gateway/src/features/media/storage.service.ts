import { Config } from '@app/platform/config/config.js';
import { recentRuns, runSoon, type RecentRuns } from '@app/platform/jobs/recent-runs.js';
import { SharedStorage } from '@app/platform/storage/media-storage.js';
import { tryStorage } from '@app/platform/storage/storage-trial.js';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { MediaStoreService } from './media-store.service.js';
import { MEDIA_SWEEP_QUEUE } from './media-sweep.job.js';
import type { Swept } from './media-sweeper.service.js';

export interface StorageStatistics {
  kind: 'disk' | 's3';
  /** Null on a disk. */
  bucket: string | null;
  files: number;
  /** Stored ones; files of equal content share one. */
  objects: number;
  sizeBytes: number;
  /** Files whose time is up, or that are being removed. */
  toRemove: number;
}

export interface StorageCheck {
  isUsable: boolean;
  latencyMs: number;
  /** Which step failed; what exactly the storage said is in the log. */
  error: string | null;
}

/** Keys in buckets of tenants begin with the id of the bucket, others with that of the tenant. */
const STATISTICS = `
WITH shared AS (SELECT * FROM media_files WHERE starts_with(storage_key, 'ten_'))
SELECT (SELECT count(*) FROM shared WHERE status = 'ready') AS files,
  (SELECT count(*) FROM shared WHERE status = 'removed' OR status = 'ready' AND expires_at < now()) AS "toRemove",
  count(*) AS objects, coalesce(sum(size_bytes), 0) AS "sizeBytes"
FROM (SELECT DISTINCT storage_key, size_bytes FROM shared WHERE status = 'ready') AS stored`;

/** Where media lie that are in no bucket of a tenant's own, for the operator: how much there is, whether it works, and what was removed lately. */
@Injectable()
export class StorageService {
  private readonly logger = new Logger(StorageService.name);

  constructor(
    @InjectQueue(MEDIA_SWEEP_QUEUE) private readonly sweeps: Queue,
    private readonly store: MediaStoreService,
    private readonly storage: SharedStorage,
    private readonly config: Config,
  ) {}

  async statistics(): Promise<StorageStatistics> {
    const bucket = this.config.mediaS3Bucket ?? null;
    const [row] = await this.store.files.query<Record<string, string>[]>(STATISTICS);
    const counted = Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]));
    return {
      kind: bucket === null ? 'disk' : 's3',
      bucket,
      ...(counted as Omit<StorageStatistics, 'kind' | 'bucket'>),
    };
  }

  /** Stores, reads and removes a small object. */
  async check(): Promise<StorageCheck> {
    const started = performance.now();
    const trouble = await tryStorage(this.storage);
    if (trouble) this.logger.warn(`the media storage does not work: ${String(trouble.cause)}`);
    const error = trouble && `An object could not be ${trouble.step}.`;
    return { isUsable: !trouble, latencyMs: Math.round(performance.now() - started), error };
  }

  recentSweeps(): Promise<RecentRuns<Swept>> {
    return recentRuns(this.sweeps);
  }

  /** Starts a sweep, unless one waits or is under way. */
  sweep(): Promise<RecentRuns<Swept>> {
    return runSoon(this.sweeps, 'sweep');
  }
}
