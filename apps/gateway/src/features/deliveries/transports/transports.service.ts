import { Injectable } from '@nestjs/common';
import type { DestinationKind } from '@app/database/entities/destination.entity.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { failed, type Answer, type Shipment, type Transport } from './transport.js';
import { WebhookTransport } from './webhook.transport.js';

/** The transports by the kind of destination that they serve. */
@Injectable()
export class TransportsService {
  private readonly byKind: Map<DestinationKind, Transport>;

  constructor(webhook: WebhookTransport) {
    const all: Transport[] = [webhook];
    this.byKind = new Map(all.map((transport) => [transport.kind, transport]));
  }

  async send(target: DeliveryTarget, shipment: Shipment): Promise<Answer> {
    const transport = this.byKind.get(target.kind);
    return transport ? transport.send(target, shipment) : failed(`This version knows no ${target.kind}.`);
  }

  forget(destinationId: string): void {
    for (const transport of this.byKind.values()) transport.forget?.(destinationId);
  }
}
