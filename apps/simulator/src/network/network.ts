import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { happen } from '../faults/accidents.js';
import type { Scene } from '../faults/accidents.js';
import type { Faults } from '../faults/faults.js';
import type { Counters } from '../traffic/counters.js';
import type { Direction } from '../traffic/sighting.js';
import type { StanzaLog } from '../traffic/stanza-log.js';
import type { Connection } from '../wire/connection.js';
import type { Host } from '../wire/doorway.js';
import type { Stanza } from '../wire/stanza.js';
import type { PublicPreKey } from '../world/account.js';
import type { Clock } from '../world/clock.js';
import type { Guard } from '../world/guard.js';
import type { Seed } from '../world/seed.js';
import type { Client } from './client.js';

/** What happens with the clients' stanzas, by tag; `closed` and `arrived` frame the life of a connection. */
export interface Switch {
  arrived(client: Client, payload: proto.ClientPayload, staticKey: Buffer): void;
  received(client: Client, stanza: Stanza): void;
  closed(client: Client): void;
}

/** What the network keeps its books with. */
export interface NetworkParts {
  log: StanzaLog;
  faults: Faults;
  counters: Counters;
  guard: Guard;
  clock: Clock;
  seed: Seed;
  usedKeyOf: (jid: string) => PublicPreKey | undefined;
}

/** All connections. Every stanza in either direction passes here: it is counted, recorded and subject to faults. */
export class Network implements Host {
  private readonly clients = new Map<Connection, Client>();
  private switch: Switch | undefined;
  private readonly scene: Scene;

  constructor(private readonly parts: NetworkParts) {
    const { clock, seed, usedKeyOf } = parts;
    this.scene = { clock, random: () => seed.random('accidents'), usedKeyOf, restart: () => this.dropAll() };
  }

  get connections(): Iterable<Client> {
    return this.clients.values();
  }

  get size(): number {
    return this.clients.size;
  }

  use(handlers: Switch): void {
    this.switch = handlers;
  }

  opened(connection: Connection): void {
    this.clients.set(connection, this.newcomer(connection));
  }

  refusal(): number | undefined {
    return this.parts.faults.strikeDoor('rejectUpgrade')?.status;
  }

  isImpostor(): boolean {
    return this.parts.faults.strikeDoor('badHandshake') !== undefined;
  }

  onHandshake(connection: Connection, payload: proto.ClientPayload, staticKey: Buffer): void {
    // Who could not even be looked at would wait for ever.
    const isSeen = this.parts.guard(() => this.switch?.arrived(this.clientOf(connection), payload, staticKey));
    if (!isSeen) connection.reset();
  }

  onStanza(connection: Connection, stanza: Stanza): void {
    const client = this.clientOf(connection);
    this.record('in', client, stanza);
    this.pass('in', client, stanza, (node) => this.handle(client, node));
  }

  onClose(connection: Connection): void {
    const client = this.clientOf(connection);
    this.clients.delete(connection);
    this.parts.guard(() => this.switch?.closed(client));
  }

  /** Sends a stanza to a client, unless a fault says otherwise. */
  readonly write = (connection: Connection, stanza: Stanza): void => {
    const client = this.clients.get(connection);
    if (!client || this.isMuted(client, stanza)) return;
    this.pass('out', client, stanza, (node) => this.emit(client, node));
  };

  /** Loses every connection at once, as when the service restarts; answers how many. */
  dropAll(): number {
    const lost = [...this.clients.keys()];
    for (const connection of lost) connection.reset();
    return lost.length;
  }

  private pass(direction: Direction, client: Client, stanza: Stanza, proceed: (stanza: Stanza) => void): void {
    const { companion } = client;
    const whose = { account: companion?.account.pn ?? null, device: companion?.id ?? null };
    const action = this.parts.faults.strike({ direction, ...whose, stanza });
    if (!action) return proceed(stanza);
    happen(action, { client, stanza, proceed, tell: (node) => this.emit(client, node) }, this.scene);
  }

  private emit(client: Client, stanza: Stanza): void {
    this.record('out', client, stanza);
    client.connection.send(stanza);
  }

  private handle(client: Client, stanza: Stanza): void {
    this.parts.guard(() => this.switch?.received(client, stanza));
  }

  private isMuted(client: Client, { tag, attrs }: Stanza): boolean {
    return client.muted !== undefined && (tag === 'iq' || tag === 'ack') && client.muted.delete(attrs.id ?? '');
  }

  private record(direction: Direction, { companion }: Client, stanza: Stanza): void {
    this.parts.counters.stanza(direction, stanza.tag);
    const [account, device] = [companion?.account.pn ?? null, companion?.id ?? null];
    this.parts.log.add({ direction, account, device, stanza });
  }

  private newcomer(connection: Connection): Client {
    return { connection, openedAt: this.parts.clock.iso() };
  }

  private clientOf(connection: Connection): Client {
    return this.clients.get(connection) ?? this.newcomer(connection);
  }
}
