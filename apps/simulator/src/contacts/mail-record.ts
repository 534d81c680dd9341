import type { SeenMedia } from '../media/gallery.js';
import type { Clock } from '../world/clock.js';
import type { Reading } from './reading.js';

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

/** What one phone has received and counted, for assertions. */
export class MailRecord {
  readonly messages: SeenMessage[] = [];
  readonly unreadable: UnreadableMessage[] = [];
  readonly counts = { sent: 0, received: 0, repeats: 0, deliveryReceipts: 0, readReceipts: 0 };
  readonly retries = { asked: 0, wereAsked: 0, answered: 0 };
  private readonly ids = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Counts the arrival of a message that is not opened. */
  arrived(): void {
    this.counts.received++;
  }

  seen(message: Omit<SeenMessage, 'at' | 'repeat'>): void {
    // An id is only unique per sender: two people may well use the same one.
    const key = `${message.from} ${message.id}`;
    const repeat = this.ids.has(key);
    this.ids.add(key);
    this.counts.received++;
    if (repeat) this.counts.repeats++;
    this.messages.push({ ...message, at: this.clock.iso(), repeat });
  }

  failed(id: string, from: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.unreadable.push({ id, from, at: this.clock.iso(), reason });
  }

  receipt(type: string | undefined, ids: number): void {
    if (type === undefined) this.counts.deliveryReceipts += ids;
    if (type === 'read' || type === 'played') this.counts.readReceipts += ids;
  }

  stats() {
    const { counts, retries } = this;
    return {
      ...counts,
      distinct: this.ids.size,
      undecryptable: this.unreadable.length,
      retryReceiptsSent: retries.asked,
      retryReceiptsReceived: retries.wereAsked,
      retriesAnswered: retries.answered,
    };
  }
}
