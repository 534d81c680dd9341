import { child, children, decodeStanza, encodeStanza, sizeOf, toXml } from '../wire/stanza.js';
import type { Clock } from '../world/clock.js';
import { canonical } from './canonical.js';
import type { Direction, Sighting } from './sighting.js';

/** Which captured stanzas are wanted; absent fields match everything. */
export interface StanzaFilter {
  account?: string;
  tag?: string;
  direction?: Direction;
  /** Only stanzas with a higher sequence number. */
  since?: number;
  /** Only stanzas with this id attribute. */
  id?: string;
  type?: string;
  /** Only stanzas with such a child. */
  childTag?: string;
}

interface Captured extends Sighting {
  seq: number;
  at: number;
  bytes: number;
  /** A large stanza as it was on the wire, a fraction of what it takes as objects; `stanza` then is only its outline. */
  packed?: Buffer;
}

interface Waiter {
  filter: StanzaFilter;
  notify: (entry: Captured) => void;
}

/** How the log keeps within bounds. */
const MAX_BYTES = 64 * 1024 * 1024;
const LARGE_BYTES = 8 * 1024;

/** The last stanzas in both directions. Nothing is rendered until somebody asks. */
export class StanzaLog {
  private readonly ring: (Captured | undefined)[];
  private seq = 0;
  private oldest = 1;
  private bytes = 0;
  private readonly waiters = new Set<Waiter>();

  constructor(
    private readonly capacity: number,
    private readonly clock: Clock,
    private readonly maxBytes = MAX_BYTES,
  ) {
    this.ring = new Array<Captured | undefined>(capacity);
  }

  get lastSeq(): number {
    return this.seq;
  }

  /** Keeps a stanza. */
  add(sighting: Sighting): void {
    const bytes = sizeOf(sighting.stanza);
    const seen: Captured = { ...sighting, seq: ++this.seq, at: this.clock.now(), bytes };
    // What goes out is mostly made of parts that many receivers share.
    const entry = sighting.direction === 'in' && bytes > LARGE_BYTES ? pack(seen) : seen;
    this.bytes += entry.bytes;
    while (this.seq - this.oldest >= this.capacity || (this.bytes > this.maxBytes && this.oldest < this.seq))
      this.forget();
    this.ring[entry.seq % this.capacity] = entry;
    if (this.waiters.size === 0) return;
    for (const waiter of this.waiters) if (matches(entry, waiter.filter)) waiter.notify(entry);
  }

  private forget(): void {
    const slot = this.oldest++ % this.capacity;
    this.bytes -= this.ring[slot]?.bytes ?? 0;
    this.ring[slot] = undefined;
  }

  /** The oldest matching stanzas that are still kept, up to the limit. */
  find(filter: StanzaFilter, limit: number) {
    return this.sightings(filter, limit).map(render);
  }

  /** The same, with everything masked that a second run of the same script would not repeat. */
  findCanonical(filter: StanzaFilter, limit: number) {
    return canonical(this.sightings(filter, limit), this.sightings({}, this.capacity));
  }

  private sightings(filter: StanzaFilter, limit: number): Captured[] {
    const found: Captured[] = [];
    const first = Math.max(this.oldest, (filter.since ?? 0) + 1);
    for (let seq = first; seq <= this.seq && found.length < limit; seq++) {
      const entry = this.ring[seq % this.capacity];
      if (entry && matches(entry, filter)) found.push(unpack(entry));
    }
    return found;
  }

  /** The first matching stanza, already kept or yet to come; undefined when none came in time. */
  async wait(filter: StanzaFilter, timeoutMs: number) {
    const [found] = this.find(filter, 1);
    if (found) return found;
    const entry = await new Promise<Captured | undefined>((resolve) => {
      const waiter: Waiter = { filter, notify: (captured) => settle(captured) };
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      const settle = (captured: Captured | undefined): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(captured);
      };
      this.waiters.add(waiter);
    });
    return entry && render(unpack(entry));
  }
}

function pack(entry: Captured): Captured {
  const { tag, attrs } = entry.stanza;
  const content = children(entry.stanza).map((part) => ({ tag: part.tag, attrs: part.attrs }));
  const outline = { tag, attrs, content };
  const packed = encodeStanza(entry.stanza);
  return { ...entry, stanza: outline, packed, bytes: packed.length + sizeOf(outline) };
}

function unpack(entry: Captured): Captured {
  return entry.packed ? { ...entry, stanza: decodeStanza(entry.packed) } : entry;
}

// One plain comparison per field; splitting it would not make it simpler.
// eslint-disable-next-line complexity
function matches(entry: Captured, filter: StanzaFilter): boolean {
  const { tag, attrs } = entry.stanza;
  return (
    (filter.account === undefined || filter.account === entry.account) &&
    (filter.tag === undefined || filter.tag === tag) &&
    (filter.direction === undefined || filter.direction === entry.direction) &&
    (filter.since === undefined || entry.seq > filter.since) &&
    (filter.id === undefined || filter.id === attrs.id) &&
    (filter.type === undefined || filter.type === attrs.type) &&
    (filter.childTag === undefined || child(entry.stanza, filter.childTag) !== undefined)
  );
}

function render({ seq, at, account, device, direction, stanza }: Captured) {
  const time = new Date(at).toISOString();
  return { seq, at: time, account, device, direction, tag: stanza.tag, attrs: stanza.attrs, xml: toXml(stanza) };
}
