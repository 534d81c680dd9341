import type { SeenMedia } from '../media/gallery.js';
import type { Clock } from '../world/clock.js';
import { BoundedMap } from '../world/bounded-map.js';
import { Ring } from '../world/ring.js';
import type { Reading } from './reading.js';

const MAX_MESSAGES = 10_000;
const MAX_IDS = 50_000;
const MAX_FAILURES = 100;

/** A message as a person saw it. */
export interface SeenMessage extends Reading {
  id: string;
  /** Phone number of the sender. */
  from: string;
  /** Phone number of the other side of the chat, when an own device sent it. */
  to: string;
  /** The file that came with it, if one did. */
  media: SeenMedia | null;
  at: string;
  /** Whether this id had been seen before: a message shown twice. */
  repeat: boolean;
}

/** A message that arrived but could not be read. */
export interface UnreadableMessage {
  id: string;
  from: string;
  at: string;
  reason: string;
}

/** A message that did not go out, to a chat or to one device of it. */
export interface RefusedMessage {
  id: string;
  /** A phone number, with `:` and a number when it is about one device; or the address of a chat. */
  to: string;
  /** The service's code, or `keys` when the receiver's keys are of no use. */
  code: string;
}

/** What one phone has received and counted, for assertions. The counts are of everything, the rest is what came last. */
export class MailRecord {
  readonly messages = new Ring<SeenMessage>(MAX_MESSAGES);
  readonly unreadable = new Ring<UnreadableMessage>(MAX_FAILURES);
  readonly refused = new Ring<RefusedMessage>(MAX_FAILURES);
  readonly counts = { sent: 0, received: 0, repeats: 0, deliveryReceipts: 0, readReceipts: 0 };
  readonly retries = { asked: 0, wereAsked: 0, answered: 0 };
  private readonly ids = new BoundedMap<string, true>(MAX_IDS);
  private distinct = 0;

  constructor(private readonly clock: Clock) {}

  /** Counts the arrival of a message that is not opened. */
  arrived(): void {
    this.counts.received++;
  }

  seen(message: Omit<SeenMessage, 'at' | 'repeat'>): void {
    // An id is only unique per sender: two people may well use the same one.
    const key = `${message.from} ${message.id}`;
    const repeat = this.ids.has(key);
    this.ids.set(key, true);
    this.counts.received++;
    if (repeat) this.counts.repeats++;
    else this.distinct++;
    this.messages.add({ ...message, at: this.clock.iso(), repeat });
  }

  failed(id: string, from: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.unreadable.add({ id, from, at: this.clock.iso(), reason });
  }

  receipt(type: string | undefined, ids: number): void {
    if (type === undefined) this.counts.deliveryReceipts += ids;
    if (type === 'read' || type === 'played') this.counts.readReceipts += ids;
  }

  stats() {
    const { counts, retries, distinct } = this;
    return {
      ...counts,
      distinct,
      undecryptable: this.unreadable.count,
      retryReceiptsSent: retries.asked,
      retryReceiptsReceived: retries.wereAsked,
      retriesAnswered: retries.answered,
      unreadable: this.unreadable.items,
      refused: this.refused.items,
    };
  }
}
