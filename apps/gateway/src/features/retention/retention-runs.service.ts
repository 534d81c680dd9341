import { Config } from '@app/platform/config/config.js';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { RETENTION_QUEUE } from './retention.job.js';
import type { Removed } from './retention.service.js';

export interface RetentionRun {
  startedAt: Date | null;
  finishedAt: Date | null;
  removed: Partial<Removed>;
}

export interface RetentionState {
  eventDays: number;
  isRunning: boolean;
  runs: RetentionRun[];
}

const RUNS_TOLD = 10;

/** What retention has done lately. */
@Injectable()
export class RetentionRunsService {
  constructor(
    @InjectQueue(RETENTION_QUEUE) private readonly queue: Queue,
    private readonly config: Config,
  ) {}

  async state(): Promise<RetentionState> {
    const [done, underWay] = await Promise.all([
      this.queue.getJobs(['completed'], 0, RUNS_TOLD - 1) as Promise<Job<unknown, Removed>[]>,
      this.queue.getJobCounts('active', 'waiting'),
    ]);
    const runs = done.map(({ processedOn, finishedOn, returnvalue }) => ({
      startedAt: processedOn ? new Date(processedOn) : null,
      finishedAt: finishedOn ? new Date(finishedOn) : null,
      // Most tables lose nothing, most of the time.
      removed: Object.fromEntries(Object.entries(returnvalue ?? {}).filter(([, count]) => count > 0)),
    }));
    return {
      eventDays: this.config.eventRetentionDays,
      isRunning: Object.values(underWay).some((count) => count > 0),
      runs,
    };
  }

  /** Starts a run, unless one waits or is under way. */
  async start(): Promise<RetentionState> {
    const state = await this.state();
    if (state.isRunning) return state;
    await this.queue.add('retention', {}, { removeOnComplete: { count: 24 }, removeOnFail: { count: 100 } });
    return { ...state, isRunning: true };
  }
}
