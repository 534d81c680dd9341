import { DELIVERIES_CHANNEL, DESTINATION_CHANGED_CHANNEL } from '@app/platform/events/channels.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { TargetsService } from '../destinations/targets.service.js';
import { DeliveryStore, type ClaimedLane } from './delivery-store.service.js';
import { LaneRunner } from './lane-runner.js';
import { RetryPolicy } from './retry-policy.js';
import { TransportsService } from './transports/transports.service.js';

const MOST_LANES = 256;
/** So that a slow destination with many sessions leaves room for the others. */
const MOST_LANES_A_DESTINATION = 32;
const POLL_MS = 1000;
const RENEW_MS = 10_000;
const LINGER_MS = 1000;

/**
 * Takes events to their destinations: claims lanes with waiting deliveries and works them side by side. Notifications
 * make it quick, the poll makes it sure: it finds what is due again and what a lost notification or worker left.
 */
@Injectable()
export class DeliveryWorkerService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(DeliveryWorkerService.name);
  private readonly lanes = new Map<string, { runner: LaneRunner; ended: Promise<void> }>();
  private readonly named = new Set<string>();
  private timers: NodeJS.Timeout[] = [];
  private claiming: Promise<void> | null = null;
  private isPollWanted = false;
  /** Whether lanes may have been left because there was no room for them. */
  private isCrowded = false;
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly presence: ProcessPresence,
    private readonly store: DeliveryStore,
    private readonly targets: TargetsService,
    private readonly transports: TransportsService,
    private readonly retries: RetryPolicy,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('jobs')) return;
    await this.presence.announce();
    await this.presence.listen(DELIVERIES_CHANNEL, (lanes) => this.onLanes(lanes === '' ? [] : lanes.split(',')));
    await this.presence.listen(DESTINATION_CHANGED_CHANNEL, (id) => {
      this.targets.forget(id);
      this.transports.forget(id);
      void this.poll();
    });
    this.timers = [setInterval(() => void this.poll(), POLL_MS), setInterval(() => void this.renew(), RENEW_MS)];
    void this.poll();
  }

  /** While the database is still there: what is on its way is finished and written down, lanes are given back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.timers.forEach(clearInterval);
    await this.claiming;
    for (const { runner } of this.lanes.values()) runner.stop();
    const ended = Promise.all([...this.lanes.values()].map((lane) => lane.ended));
    await Promise.race([ended, sleep(this.config.shutdownTimeoutMs, undefined, { ref: false })]);
  }

  /** Looks for lanes that are due, and resolves when those that fit are being worked. */
  poll(): Promise<void> {
    this.isPollWanted = true;
    return this.claim();
  }

  /** Resolves when no lane is being worked. */
  async settled(): Promise<void> {
    await this.claiming;
    while (this.lanes.size) await Promise.all([...this.lanes.values()].map(({ ended }) => ended));
  }

  private onLanes(ids: string[]): void {
    if (ids.length === 0) return void this.poll();
    for (const id of ids) {
      const held = this.lanes.get(id);
      if (held) held.runner.notify();
      else this.named.add(id);
    }
    if (this.named.size) void this.claim();
  }

  /** One claim at a time; what is asked for meanwhile is done together afterwards. */
  private claim(): Promise<void> {
    this.claiming ??= this.claimAll().finally(() => (this.claiming = null));
    return this.claiming;
  }

  private async claimAll(): Promise<void> {
    // Not at once: notifications that arrive together are claimed together.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (!this.isStopping && (this.named.size || this.isPollWanted)) {
        const named = this.takeNamed();
        for (const lane of await this.claimOnce(named)) this.start(lane);
        this.checkRoom();
      }
    } catch (error) {
      // The poll tries again.
      this.log.warn(`lanes could not be claimed: ${(error as Error).message}`);
    }
  }

  /** Without lanes that were claimed since: this process's own claims are free to it, but a lane has one runner. */
  private takeNamed(): string[] {
    const named = [...this.named];
    this.named.clear();
    for (const id of named) this.lanes.get(id)?.runner.notify();
    return named.filter((id) => !this.lanes.has(id));
  }

  private claimOnce(named: string[]): Promise<ClaimedLane[]> {
    const room = { busy: this.busy(), perDestination: MOST_LANES_A_DESTINATION, inAll: MOST_LANES - this.lanes.size };
    if (!this.isPollWanted) return this.store.claimNamed(named, room);
    this.isPollWanted = false;
    return this.store.claimDue([...this.lanes.keys()], room);
  }

  private busy(): Map<string, number> {
    const lanes = new Map<string, number>();
    for (const { runner } of this.lanes.values())
      lanes.set(runner.destinationId, (lanes.get(runner.destinationId) ?? 0) + 1);
    return lanes;
  }

  private checkRoom(): void {
    const isFull = [...this.busy().values()].some((lanes) => lanes >= MOST_LANES_A_DESTINATION);
    this.isCrowded = isFull || this.lanes.size >= MOST_LANES;
    if (this.isCrowded) for (const { runner } of this.lanes.values()) runner.makeRoom();
  }

  private start(lane: ClaimedLane): void {
    const { store, targets, transports, retries } = this;
    const services = { store, targets, transports, retries };
    const runner = new LaneRunner(lane, services, () => (this.isCrowded || this.isStopping ? 0 : LINGER_MS));
    const ended = runner
      .run()
      .catch((error: unknown) => this.log.warn(`lane ${lane.id} was dropped: ${(error as Error).message}`))
      .finally(() => this.onEnded(lane.id, runner.hasNews));
    this.lanes.set(lane.id, { runner, ended });
  }

  private onEnded(id: string, hasNews: boolean): void {
    this.lanes.delete(id);
    if (this.isStopping) return;
    // Said while the lane was being given back.
    if (hasNews) this.onLanes([id]);
    // There may be lanes that had no room.
    if (this.isCrowded) void this.poll();
  }

  private async renew(): Promise<void> {
    const ids = [...this.lanes.keys()];
    if (ids.length === 0) return;
    try {
      const kept = await this.store.renew(ids);
      for (const id of ids) if (!kept.has(id)) this.lanes.get(id)?.runner.stop();
    } catch (error) {
      this.log.warn(`claims could not be renewed: ${(error as Error).message}`);
    }
  }
}
