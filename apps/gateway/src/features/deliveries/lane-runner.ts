import { toEnvelopeJson, toHead } from '@app/platform/events/envelope.js';
import type { DeliveryTarget, TargetsService } from '../destinations/targets.service.js';
import type { ClaimedLane, DeliveryStore, WaitingDelivery } from './delivery-store.service.js';
import type { RetryPolicy } from './retry-policy.js';
import type { Answer } from './transports/transport.js';
import type { TransportsService } from './transports/transports.service.js';

export interface LaneServices {
  store: DeliveryStore;
  targets: TargetsService;
  transports: TransportsService;
  retries: RetryPolicy;
}

type Step = 'next' | 'stop' | { retryInMs: number };

/** Works one claimed lane, one delivery after the other, and gives it back when it is empty or has to wait. */
export class LaneRunner {
  readonly destinationId: string;
  private isStopping = false;
  private isWoken = false;
  private wake: (() => void) | null = null;

  constructor(
    private readonly lane: ClaimedLane,
    private readonly services: LaneServices,
    /** How long an empty lane is kept, in case that more comes: claiming it again costs two writes. */
    private readonly lingerMs: () => number,
  ) {
    this.destinationId = lane.destinationId;
  }

  /** Says that more has come. */
  notify(): void {
    this.isWoken = true;
    this.wake?.();
  }

  /** Whether something was said of the lane since it was last read. */
  get hasNews(): boolean {
    return this.isWoken;
  }

  /** Ends if it is empty: others wait for its place. */
  makeRoom(): void {
    this.wake?.();
  }

  /** Ends after the delivery that is on its way. */
  stop(): void {
    this.isStopping = true;
    this.wake?.();
  }

  async run(): Promise<void> {
    const { store } = this.services;
    let retryInMs: number | null = null;
    while (!this.isStopping && retryInMs === null) {
      this.isWoken = false;
      const page = await store.read(this.lane.id);
      const step = page.length ? await this.work(page) : await this.linger();
      if (step === 'stop') break;
      if (step !== 'next') ({ retryInMs } = step);
    }
    await store.release(this.lane.id, retryInMs);
  }

  /** Whether something came, before or while waiting for it, is all that `isWoken` tells. */
  private async linger(): Promise<Step> {
    const lingerMs = this.lingerMs();
    if (!this.isWoken && lingerMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lingerMs);
        this.wake = () => (clearTimeout(timer), resolve());
      });
      this.wake = null;
    }
    return this.isWoken ? 'next' : 'stop';
  }

  /** Successes are written while the next delivery is on its way, and are all down before the page is done. */
  private async work(page: WaitingDelivery[]): Promise<Step> {
    const target = await this.services.targets.find(this.destinationId);
    if (!target) return 'stop';
    const writes: Promise<void>[] = [];
    let step: Step = 'next';
    for (const delivery of page) {
      step = this.isStopping ? 'stop' : await this.attempt(target, delivery, writes);
      if (step !== 'next') break;
    }
    await Promise.all(writes);
    return step;
  }

  private async attempt(target: DeliveryTarget, delivery: WaitingDelivery, writes: Promise<void>[]): Promise<Step> {
    const { store, targets, retries } = this.services;
    // Another lane has found out that nothing gets through; claims leave it alone until the pause is over.
    if (target.pausedUntil && target.pausedUntil > new Date()) return 'stop';
    const { deliveryId } = delivery;
    const { kind } = target;
    const { isDelivered, ...answer } = await this.send(target, delivery);
    if (isDelivered) {
      const write = store.record({ deliveryId, kind, status: 'delivered', ...answer });
      // Awaited at the end of the page; until then a failure must not count as unhandled.
      write.catch(() => {});
      writes.push(write);
      await targets.noteSuccess(target);
      return 'next';
    }
    const retryInMs = retries.delayMs(delivery.attempts + 1);
    await store.record({ deliveryId, kind, status: retryInMs === null ? 'dead' : 'pending', ...answer });
    await targets.noteFailure(target);
    return retryInMs === null ? 'next' : { retryInMs };
  }

  private async send(target: DeliveryTarget, delivery: WaitingDelivery): Promise<Answer & { latencyMs: number }> {
    const started = performance.now();
    const event = toHead(delivery);
    const json = toEnvelopeJson(event, delivery.data);
    const answer = await this.services.transports.send(target, { event, json });
    return { ...answer, latencyMs: Math.round(performance.now() - started) };
  }
}
