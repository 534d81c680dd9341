import type { Phone } from '../contacts/phone.js';
import { pad } from '../contacts/plaintext.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';

/** How often it looks whether clients that had enough have caught up. */
const PATIENCE_MS = 5;
/** At a rate, messages go out in small groups rather than one by one. */
const TICK_MS = 5;
/** How much goes out before others get a turn. */
const BURST = 100;

/** What to send, from whom to whom and how fast. */
export interface LoadOrder {
  from: Phone[];
  to: Account[];
  count: number;
  /** In all; absent: as fast as the clients take them. */
  ratePerSec: number | undefined;
  /** How many messages a client may leave unconfirmed before it gets no more. */
  window: number;
  texts: string[];
}

/**
 * A stream of messages from people to linked clients. A client that falls behind holds only its own messages up, so
 * nothing piles up for clients that are slow or away.
 */
export class Load {
  state: 'running' | 'done' | 'stopped' = 'running';
  private sent = 0;
  private refused = 0;
  private turn = 0;
  private readonly startedAt: number;
  private endedAt: number | undefined;
  private readonly unreachable = new Set<Companion>();
  private readonly plaintexts: Buffer[];
  private readonly deliveredBefore: number;

  constructor(
    readonly id: string,
    private readonly order: LoadOrder,
    private readonly core: Core,
  ) {
    this.startedAt = core.clock.now();
    this.plaintexts = order.texts.map((conversation) => pad({ conversation }));
    this.deliveredBefore = this.deliveries();
    this.tick();
  }

  /** Sends nothing more. */
  stop(): void {
    if (this.state === 'running') this.end('stopped');
  }

  describe() {
    const { order, refused, core, state } = this;
    const sent = this.sent - refused;
    const seconds = ((this.endedAt ?? core.clock.now()) - this.startedAt) / 1000;
    return {
      id: this.id,
      state,
      from: order.from.length,
      to: order.to.length,
      count: order.count,
      ratePerSec: order.ratePerSec ?? null,
      sent,
      refused,
      delivered: this.deliveries() - this.deliveredBefore,
      seconds,
      sentPerSec: seconds > 0 ? Math.round(sent / seconds) : 0,
    };
  }

  private tick(): void {
    if (this.state !== 'running') return;
    const { count } = this.order;
    const wanted = Math.min(count, this.due(), this.sent + BURST);
    this.sendUpTo(wanted);
    const { clock } = this.core;
    const again = (): void => this.tick();
    if (this.sent >= count) this.end('done');
    else if (this.sent < wanted) clock.meanwhile(PATIENCE_MS, again);
    else if (wanted < this.due()) clock.soon(again);
    else clock.after(Math.max(TICK_MS, this.untilNext()), again);
  }

  private untilNext(): number {
    const { ratePerSec = Infinity } = this.order;
    return Math.ceil(this.startedAt + (this.sent * 1000) / ratePerSec - this.core.clock.now());
  }

  private due(): number {
    const { ratePerSec } = this.order;
    if (ratePerSec === undefined) return Infinity;
    return 1 + Math.floor(((this.core.clock.now() - this.startedAt) * ratePerSec) / 1000);
  }

  /** Goes round the clients; one that has enough on its hands is passed over. */
  private sendUpTo(wanted: number): void {
    if (this.sent >= wanted) return;
    const room = new Map<Companion, number>();
    for (const companion of this.companions()) {
      const { queued, unconfirmed } = companion.backlog;
      const free = this.order.window - queued - unconfirmed;
      if (free > 0) room.set(companion, free);
    }
    while (room.size > 0)
      for (const [companion, free] of room) {
        if (this.sent >= wanted) return;
        this.sendOne(companion);
        if (free > 1 && !this.unreachable.has(companion)) room.set(companion, free - 1);
        else room.delete(companion);
      }
  }

  private sendOne(companion: Companion): void {
    const { from } = this.order;
    const phone = from[this.turn++ % from.length];
    const plaintext = this.plaintexts[this.sent % this.plaintexts.length];
    if (!phone || !plaintext) return;
    try {
      if (!phone.bulk.send(this.core.seed.messageId(phone.account.pn), companion, plaintext)) this.refused++;
      this.sent++;
    } catch (error) {
      // Keys no session can be built with; only the client itself can be to blame.
      this.unreachable.add(companion);
      this.core.logger.warn({ err: error, account: companion.account.pn }, 'a client cannot be written to');
    }
  }

  private *companions(): Iterable<Companion> {
    for (const { devices } of this.order.to)
      for (const device of devices.values())
        if (device instanceof Companion && !this.unreachable.has(device)) yield device;
  }

  private deliveries(): number {
    return this.order.from.reduce((sum, { record }) => sum + record.counts.deliveryReceipts, 0);
  }

  private end(state: 'done' | 'stopped'): void {
    this.state = state;
    this.endedAt = this.core.clock.now();
  }
}
