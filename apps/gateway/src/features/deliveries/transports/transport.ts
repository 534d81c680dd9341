import type { EventHead } from '@app/platform/events/envelope.js';
import type { DestinationKind } from '@app/database/entities/destination.entity.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';

/** What an attempt came to. */
export interface Answer {
  isDelivered: boolean;
  /** HTTP status, where there is one. */
  responseStatus: number | null;
  /** Why it failed, in a sentence without secrets. */
  error: string | null;
  /** What was answered, up to a kilobyte. */
  excerpt: string | null;
}

/** An event on its way. */
export interface Shipment {
  event: EventHead;
  /** The whole envelope as JSON. */
  json: string;
}

/** Takes events to one kind of destination. Attempts, back-off and dead letters are the business of deliveries. */
export interface Transport {
  readonly kind: DestinationKind;
  /** Resolves when the other side has the event for sure. Never throws: whatever goes wrong is a failed attempt. */
  send(target: DeliveryTarget, shipment: Shipment): Promise<Answer>;
  /** Lets go of what is kept open for a destination that has changed or is gone; an empty id stands for all. */
  forget?(destinationId: string): void;
}

export const delivered = (answer: Partial<Answer> = {}): Answer => ({
  responseStatus: null,
  error: null,
  excerpt: null,
  ...answer,
  isDelivered: true,
});

export const failed = (error: string, answer: Partial<Answer> = {}): Answer => ({
  responseStatus: null,
  excerpt: null,
  ...answer,
  error,
  isDelivered: false,
});
