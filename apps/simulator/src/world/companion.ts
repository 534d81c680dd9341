import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { SERVICE } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import type { Connection } from '../wire/connection.js';
import { child, children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Counters } from '../traffic/counters.js';
import type { Account, Device } from './account.js';
import { BoundedMap } from './bounded-map.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { UploadedKeys } from './uploaded-keys.js';

/** Writes a stanza to a connection, through logging and faults. */
export type Write = (connection: Connection, stanza: Stanza) => void;

/** What a client lives in. */
export interface Surroundings {
  write: Write;
  clock: Clock;
  directory: Directory;
  counters: Counters;
}

/** A change of visibility as the client declared it. */
export interface PresenceEntry {
  type: string;
  name: string | null;
  at: string;
}

const PRE_KEYS_LOW = 5;
const MAX_PRESENCE_ENTRIES = 200;
/** As many stanzas wait for one client; then the oldest are given up. */
const MAX_WAITING = 50_000;
const kept = new Set(['message', 'receipt', 'notification', 'call']);

/**
 * A linked client. What must not be lost is kept until the client confirms it: in `unconfirmed` while connected, in
 * `queue` while away; the queue is delivered in order after the next login, marked `offline`.
 */
export class Companion implements Device {
  connection: Connection | undefined;
  readonly presence: PresenceEntry[] = [];
  everAvailable = false;
  isAvailable = false;
  /** Whether the phone has sent its keys and history to this client. */
  isAcquainted = false;
  /** How the client described itself when it was linked. */
  props: proto.IDeviceProps = {};
  /** What changed while the client was away, and when; it is told at every login until it says that it has looked. */
  readonly dirty = new Map<string, number>();
  /** Accounts whose presence this client subscribed to; subscriptions end with the connection. */
  readonly watching = new Set<Account>();
  private readonly following = new Set<Account>();
  private isReady = false;
  private isLowNoticed = false;
  private notices = 0;
  private queue: Stanza[] = [];
  private readonly unconfirmed = new BoundedMap<string, Stanza>(MAX_WAITING, () => this.around.counters.dropped());

  constructor(
    readonly account: Account,
    readonly id: number,
    readonly keyIndex: number,
    readonly keys: UploadedKeys,
    readonly noiseKey: Buffer,
    private readonly around: Surroundings,
  ) {
    // After the answer that hands the key out, not before it.
    keys.onTaken = () => this.around.clock.soon(() => this.noticeLowPreKeys());
  }

  /** How many stanzas wait for a login or for a confirmation. */
  get backlog(): { queued: number; unconfirmed: number } {
    return { queued: this.queue.length, unconfirmed: this.unconfirmed.size };
  }

  push(node: Stanza): void {
    const mustArrive = kept.has(node.tag);
    if (this.connection && this.isReady) {
      if (mustArrive) this.unconfirmed.set(this.confirmationKey(node), node);
      this.around.write(this.connection, node);
    } else if (mustArrive && this.account.devices.get(this.id) === this) {
      this.queue.push(node);
      this.giveUpOldest();
    }
  }

  /** This client keeps the device list of an account from now on, and is told about changes. */
  follow(account: Account, family: Family): void {
    this.following.add(account);
    account.followers.set(this, family);
  }

  /** The client is no longer linked: nobody has anything to tell it. */
  forgotten(): void {
    for (const account of this.following) account.followers.delete(this);
    this.following.clear();
    this.queue = [];
    this.unconfirmed.clear();
  }

  attach(connection: Connection): void {
    this.connection = connection;
    this.isReady = false;
  }

  detach(connection: Connection): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.isReady = false;
    this.isAvailable = false;
    for (const account of this.watching) account.watchers.delete(this);
    this.watching.clear();
    this.queue = [...this.unconfirmed.values(), ...this.queue];
    this.unconfirmed.clear();
    this.giveUpOldest();
  }

  /** Delivers what waited and then says that everything was delivered; from now on stanzas go out directly. */
  drain(): void {
    const { connection } = this;
    if (!connection || this.isReady) return;
    this.isReady = true;
    for (const [type, timestamp] of this.dirty)
      this.around.write(connection, stanza('ib', { from: SERVICE }, [stanza('dirty', { type, timestamp })]));
    const waiting = this.queue;
    this.queue = [];
    if (waiting.length > 0) this.around.write(connection, stanza('ib', { from: SERVICE }, [preview(waiting)]));
    waiting.forEach((node, index) => this.push({ ...node, attrs: { ...node.attrs, offline: String(index) } }));
    this.around.write(connection, stanza('ib', { from: SERVICE }, [stanza('offline', { count: waiting.length })]));
  }

  /** Forgets a stanza the client has acknowledged. A message is confirmed by any receipt that names it. */
  confirm(node: Stanza): void {
    const { class: tag = '', to: from = '', ...attrs } = node.attrs;
    if (node.tag === 'receipt') {
      const more = children(child(node, 'list'), 'item').map((item) => item.attrs.id);
      for (const id of [attrs.id, ...more])
        this.unconfirmed.delete(this.confirmationKey({ tag: 'message', attrs: { ...attrs, id: id ?? '', from } }));
    } else {
      this.unconfirmed.delete(this.confirmationKey({ tag, attrs: { ...attrs, from } }));
    }
  }

  /** The client has looked at everything of a kind that changed up to a moment. */
  clean(type: string, until: number): void {
    if ((this.dirty.get(type) ?? 0) <= until) this.dirty.delete(type);
  }

  notePresence(type: string, name: string | undefined): void {
    this.isAvailable = type === 'available';
    this.everAvailable ||= this.isAvailable;
    this.presence.push({ type, name: name ?? null, at: this.around.clock.iso() });
    if (this.presence.length > MAX_PRESENCE_ENTRIES) this.presence.shift();
  }

  private giveUpOldest(): void {
    const surplus = this.queue.splice(0, Math.max(0, this.queue.length - MAX_WAITING));
    for (let n = 0; n < surplus.length; n++) this.around.counters.dropped();
  }

  /**
   * What a stanza and its confirmation have in common. Two people may give their messages the same id, and a client may
   * know a person by either address.
   */
  private confirmationKey({ tag, attrs: { id, type, from, participant } }: Stanza): string {
    if (tag !== 'message') return [tag, id, type, from, participant].join(' ');
    const person = this.around.directory.findByJid(from);
    if (person) return [tag, id, person.lid].join(' ');
    return [tag, id, from, this.around.directory.findByJid(participant)?.lid ?? participant].join(' ');
  }

  /** Asks the client for more pre-keys, once per shortage. */
  private noticeLowPreKeys(): void {
    const { count } = this.keys;
    if (count >= PRE_KEYS_LOW) this.isLowNoticed = false;
    else if (!this.isLowNoticed) {
      this.isLowNoticed = true;
      const t = this.around.clock.seconds();
      const attrs = { from: SERVICE, type: 'encrypt', id: `low-${this.id}-${this.notices++}`, t };
      this.push(stanza('notification', attrs, [stanza('count', { value: count })]));
    }
  }
}

function preview(waiting: Stanza[]): Stanza {
  const count = (tag: string) => waiting.filter((node) => node.tag === tag).length;
  return stanza('offline_preview', {
    count: waiting.length,
    message: count('message'),
    receipt: count('receipt'),
    notification: count('notification'),
    call: count('call'),
  });
}
