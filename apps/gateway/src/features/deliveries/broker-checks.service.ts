import { AppError, conflict, unavailable } from '@app/platform/errors/app-error.js';
import { Injectable } from '@nestjs/common';
import type { DeliveryTarget } from '../destinations/targets.service.js';
import type { BrokerTransport } from './transports/broker-transport.js';
import type { BrokerStatistics } from './transports/link.js';
import { TransportsService } from './transports/transports.service.js';

export interface BrokerCheck {
  isReachable: boolean;
  latencyMs: number;
  /** Why not, in a sentence. */
  error: string | null;
}

/** Looks at brokers beside the deliveries. */
@Injectable()
export class BrokerChecksService {
  constructor(private readonly transports: TransportsService) {}

  /** Connects, and finds out whether events could be published. */
  async check(target: DeliveryTarget): Promise<BrokerCheck> {
    const started = performance.now();
    const error = await this.brokerOf(target)
      .check(target)
      .then(
        () => null,
        (failure: unknown) => (failure instanceof AppError ? failure.detail : 'The check failed.'),
      );
    return { isReachable: error === null, latencyMs: Math.round(performance.now() - started), error };
  }

  /** What waits there. */
  async statistics(target: DeliveryTarget): Promise<BrokerStatistics> {
    const found = await this.brokerOf(target).statistics(target);
    if (found) return found;
    throw conflict('destination.no-statistics', 'The broker does not tell, or the name depends on the event.');
  }

  private brokerOf({ kind }: DeliveryTarget): BrokerTransport {
    const broker = this.transports.broker(kind);
    if (!broker) throw unavailable('destination.unreachable', `This version knows no ${kind}.`);
    return broker;
  }
}
