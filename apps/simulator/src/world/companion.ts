import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { SERVICE } from '../wire/jid.js';
import type { Connection } from '../wire/connection.js';
import { children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from './account.js';
import type { Clock } from './clock.js';
import type { UploadedKeys } from './uploaded-keys.js';

/** Writes a stanza to a connection, through logging and faults. */
export type Write = (connection: Connection, stanza: Stanza) => void;

/** A change of visibility as the client declared it. */
export interface PresenceEntry {
  type: string;
  name: string | null;
  at: string;
}

const PRE_KEYS_LOW = 5;
const MAX_PRESENCE_ENTRIES = 200;
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
  private isReady = false;
  private isLowNoticed = false;
  private notices = 0;
  private queue: Stanza[] = [];
  private readonly unconfirmed = new Map<string, Stanza>();

  constructor(
    readonly account: Account,
    readonly id: number,
    readonly keyIndex: number,
    readonly keys: UploadedKeys,
    readonly noiseKey: Buffer,
    private readonly around: { write: Write; clock: Clock },
  ) {
    // After the answer that hands the key out, not before it.
    keys.onTaken = () => void setImmediate(() => this.noticeLowPreKeys());
  }

  /** How many stanzas wait for a login or for a confirmation. */
  get backlog(): { queued: number; unconfirmed: number } {
    return { queued: this.queue.length, unconfirmed: this.unconfirmed.size };
  }

  push(node: Stanza): void {
    const mustArrive = kept.has(node.tag);
    if (this.connection && this.isReady) {
      if (mustArrive) this.unconfirmed.set(confirmationKey(node), node);
      this.around.write(this.connection, node);
    } else if (mustArrive && this.account.devices.get(this.id) === this) {
      this.queue.push(node);
    }
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
    if (node.tag === 'receipt') {
      const ids = children(children(node, 'list')[0], 'item').map((item) => item.attrs.id);
      for (const id of [node.attrs.id, ...ids]) this.unconfirmed.delete(`message:${id}`);
    } else if (node.attrs.class === 'message') {
      this.unconfirmed.delete(`message:${node.attrs.id}`);
    } else {
      const { class: tag = '', to, ...attrs } = node.attrs;
      this.unconfirmed.delete(confirmationKey({ tag, attrs: { ...attrs, from: to ?? '' } }));
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

function confirmationKey({ tag, attrs }: Stanza): string {
  if (tag === 'message') return `message:${attrs.id}`;
  return [tag, attrs.id, attrs.type, attrs.from, attrs.participant].join(' ');
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
