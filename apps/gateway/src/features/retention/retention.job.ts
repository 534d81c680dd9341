import { Config } from '@app/platform/config/config.js';
import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { RetentionService, type Removed } from './retention.service.js';

export const RETENTION_QUEUE = 'retention';

/** Runs retention once an hour, in one process at a time. */
@Processor(RETENTION_QUEUE, { autorun: false })
export class RetentionJob extends WorkerHost implements OnApplicationBootstrap {
  constructor(
    @InjectQueue(RETENTION_QUEUE) private readonly queue: Queue,
    private readonly retention: RetentionService,
    private readonly config: Config,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('jobs')) return;
    const opts = { removeOnComplete: { count: 24 }, removeOnFail: { count: 100 } };
    await this.queue.upsertJobScheduler('hourly', { every: 3_600_000 }, { name: 'retention', opts });
  }

  process(_job: Job, _token?: string, signal?: AbortSignal): Promise<Removed> {
    return this.retention.run(signal);
  }
}
