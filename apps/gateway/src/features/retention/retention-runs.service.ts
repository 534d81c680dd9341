import { Config } from '@app/platform/config/config.js';
import { recentRuns, runSoon, type RecentRuns } from '@app/platform/jobs/recent-runs.js';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { RETENTION_QUEUE } from './retention.job.js';
import type { Removed } from './retention.service.js';

export interface RetentionState extends RecentRuns<Removed> {
  eventDays: number;
}

/** What retention has done lately. */
@Injectable()
export class RetentionRunsService {
  constructor(
    @InjectQueue(RETENTION_QUEUE) private readonly queue: Queue,
    private readonly config: Config,
  ) {}

  async state(): Promise<RetentionState> {
    return this.told(await recentRuns(this.queue));
  }

  /** Starts a run, unless one waits or is under way. */
  async start(): Promise<RetentionState> {
    return this.told(await runSoon(this.queue, 'retention'));
  }

  private told(recent: RecentRuns<Removed>): RetentionState {
    return { eventDays: this.config.eventRetentionDays, ...recent };
  }
}
