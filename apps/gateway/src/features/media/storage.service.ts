import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Config } from '@app/platform/config/config.js';
import { recentRuns, runSoon, type RecentRuns } from '@app/platform/jobs/recent-runs.js';
import { MediaStorage } from '@app/platform/storage/media-storage.js';
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

const STATISTICS = `
SELECT (SELECT count(*) FROM media_files WHERE status = 'ready') AS files,
  (SELECT count(*) FROM media_files WHERE status = 'removed' OR status = 'ready' AND expires_at < now()) AS "toRemove",
  count(*) AS objects, coalesce(sum(size_bytes), 0) AS "sizeBytes"
FROM (SELECT DISTINCT storage_key, size_bytes FROM media_files WHERE status = 'ready') AS stored`;

/** Where media lie, for the operator: how much there is, whether it works, and what was removed lately. */
@Injectable()
export class StorageService {
  private readonly logger = new Logger(StorageService.name);

  constructor(
    @InjectQueue(MEDIA_SWEEP_QUEUE) private readonly sweeps: Queue,
    private readonly store: MediaStoreService,
    private readonly storage: MediaStorage,
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
    const key = `check/${randomBytes(12).toString('hex')}`;
    let step = 'written';
    let error: string | null = null;
    try {
      await this.storage.put(key, Readable.from([Buffer.from('check')]));
      step = 'read';
      const read = await this.storage.open(key);
      if (!read || Buffer.concat((await read.toArray()) as Buffer[]).toString() !== 'check')
        throw new Error('it is not there');
    } catch (cause) {
      this.logger.warn(`the media storage does not work: ${String(cause)}`);
      error = `An object could not be ${step}.`;
    }
    await this.storage.remove([key]).catch((cause: unknown) => {
      this.logger.warn(`the media storage does not work: ${String(cause)}`);
      error ??= 'An object could not be removed.';
    });
    return { isUsable: error === null, latencyMs: Math.round(performance.now() - started), error };
  }

  recentSweeps(): Promise<RecentRuns<Swept>> {
    return recentRuns(this.sweeps);
  }

  /** Starts a sweep, unless one waits or is under way. */
  sweep(): Promise<RecentRuns<Swept>> {
    return runSoon(this.sweeps, 'sweep');
  }
}
