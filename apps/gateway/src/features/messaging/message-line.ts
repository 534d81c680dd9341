import type { MessageStatus } from '@app/database/entities/message.entity.js';
import { Alarm } from './pace/alarm.js';

/** A stored message on its way out. */
export interface Outgoing {
  id: string;
  chatId: string;
  messageId: string;
  proto: Buffer;
  /** `sent` when it has been on the wire before. */
  status?: MessageStatus;
  /** It is not to be sent at once, and what follows it in its chat neither. */
  typingSeconds?: number | null;
}

/** The line of one session: messages leave it one after the other, as they were accepted. */
export class MessageLine {
  queue: Outgoing[] = [];
  /** The running drain; null while there is none. */
  draining: Promise<void> | null = null;
  /** Rows are being read from the database; what is handed in meanwhile is found there. */
  isRefilling = false;
  /** Sending stopped in mid-queue: nothing may overtake what is left, so the next thing is a refill. */
  isResting = false;
  /** The rules of the session have changed, or were never read. */
  isStale = true;
  /** Messages without an ack are about to be sent again, or just being so. */
  isCatchingUp = false;
  /** What the next round of a refill looks for. */
  readonly wanted = { pending: false, unacknowledged: false };
  /** How often each message that could not be handed over was tried. */
  readonly tries = new Map<string, number>();
  /** Wakes a refill that waits for the time of its next message. */
  readonly alarm = new Alarm();

  /** Stops the line: what is left stays in the database, and is read again when there is a connection. */
  rest(): void {
    this.queue = [];
    this.isResting = true;
  }

  /** Asks for a look at the database. */
  want(what: { unacknowledged: boolean }): void {
    this.wanted.pending = true;
    this.wanted.unacknowledged ||= what.unacknowledged;
    this.isCatchingUp ||= what.unacknowledged;
    this.alarm.ring();
  }

  /** Whether a paced round has to end for something else. */
  mustStop(): boolean {
    return this.isResting || this.isStale || this.wanted.unacknowledged;
  }

  /** Whether messages may have come in since this was asked last. */
  hasNews(): boolean {
    const { pending } = this.wanted;
    this.wanted.pending = false;
    return pending;
  }
}
