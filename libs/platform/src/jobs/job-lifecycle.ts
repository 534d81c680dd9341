import { WorkerHost } from '@nestjs/bullmq';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Queue, type Worker } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';

/**
 * Runs the workers of all `@Processor(name, { autorun: false })` in processes with the role `jobs`, watches every queue
 * and worker for errors, and closes them while the database is still there.
 */
@Injectable()
export class JobLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: Config,
  ) {}

  /** Every queue of the application. */
  get queues(): Queue[] {
    return this.instances().filter((instance): instance is Queue => instance instanceof Queue);
  }

  private get workers(): Worker[] {
    const hosts = this.instances().filter((instance): instance is WorkerHost => instance instanceof WorkerHost);
    return hosts.map(({ worker }): Worker => worker);
  }

  onApplicationBootstrap(): void {
    for (const queue of this.queues)
      queue.on('error', (error) => this.log.warn(`queue ${queue.name}: ${error.message}`));
    for (const worker of this.workers) {
      worker.on('error', (error) => this.log.warn(`worker of ${worker.name}: ${error.message}`));
      worker.on('failed', (job, error) => this.log.warn(`job ${job?.name} ${job?.id} failed: ${error.message}`));
      if (this.config.roles.includes('jobs'))
        worker.run().catch((error: Error) => this.log.error(`worker of ${worker.name} ended: ${error.message}`));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.race([closed, sleep(this.config.shutdownTimeoutMs, undefined, { ref: false })]);
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private instances(): unknown[] {
    return this.discovery.getProviders().map((wrapper): unknown => wrapper.instance);
  }
}
