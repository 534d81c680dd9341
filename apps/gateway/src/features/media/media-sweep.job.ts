import { Config } from '@app/platform/config/config.js';
import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { MediaSweeperService, type Swept } from './media-sweeper.service.js';

export const MEDIA_SWEEP_QUEUE = 'media-sweep';
const EVERY_MS = 600_000;

/** Sweeps every ten minutes and whenever a process starts, which may be after a crash. */
@Processor(MEDIA_SWEEP_QUEUE, { autorun: false })
export class MediaSweepJob extends WorkerHost implements OnApplicationBootstrap {
  constructor(
    @InjectQueue(MEDIA_SWEEP_QUEUE) private readonly queue: Queue,
    private readonly sweeper: MediaSweeperService,
    private readonly config: Config,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('jobs')) return;
    const opts = { removeOnComplete: { count: 24 }, removeOnFail: { count: 100 } };
    await this.queue.upsertJobScheduler('regular', { every: EVERY_MS }, { name: 'sweep', opts });
    await this.queue.add('sweep', {}, opts);
  }

  process(_job: Job, _token?: string, signal?: AbortSignal): Promise<Swept> {
    return this.sweeper.run(signal);
  }
}
