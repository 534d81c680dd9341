import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Logger } from 'pino';
import type { FaultAction, Faults } from '../traffic/faults.js';
import type { Counters } from '../traffic/counters.js';
import type { StanzaLog } from '../traffic/stanza-log.js';
import type { Connection, ConnectionListener } from '../wire/connection.js';
import { stanza as node } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Clock } from '../world/clock.js';
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
  logger: Logger;
  clock: Clock;
}

/** All connections. Every stanza in either direction passes here: it is counted, recorded and subject to faults. */
export class Network implements ConnectionListener {
  private readonly clients = new Map<Connection, Client>();
  private switch: Switch | undefined;

  constructor(private readonly parts: NetworkParts) {}

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
    this.clients.set(connection, { connection });
  }

  onHandshake(connection: Connection, payload: proto.ClientPayload, staticKey: Buffer): void {
    this.guard(() => this.switch?.arrived(this.clientOf(connection), payload, staticKey));
  }

  onStanza(connection: Connection, stanza: Stanza): void {
    const client = this.clientOf(connection);
    const account = client.companion?.account.pn ?? null;
    this.record('in', client, stanza);
    const fault = this.parts.faults.strike('in', account, stanza);
    if (fault) this.strikeIncoming(client, stanza, fault);
    else this.handle(client, stanza);
  }

  onClose(connection: Connection): void {
    const client = this.clientOf(connection);
    this.clients.delete(connection);
    this.guard(() => this.switch?.closed(client));
  }

  /** Sends a stanza to a client, unless a fault says otherwise. */
  readonly write = (connection: Connection, stanza: Stanza): void => {
    const client = this.clients.get(connection);
    if (!client || this.isMuted(client, stanza)) return;
    const fault = this.parts.faults.strike('out', client.companion?.account.pn ?? null, stanza);
    if (!fault) return this.emit(client, stanza);
    if (fault.kind === 'delay') this.parts.clock.after(fault.ms, () => this.emit(client, stanza));
    if (fault.kind === 'duplicate') {
      this.emit(client, stanza);
      this.emit(client, stanza);
    }
  };

  private emit(client: Client, stanza: Stanza): void {
    this.record('out', client, stanza);
    client.connection.send(stanza);
  }

  private handle(client: Client, stanza: Stanza): void {
    this.guard(() => this.switch?.received(client, stanza));
  }

  private strikeIncoming(client: Client, stanza: Stanza, fault: FaultAction): void {
    const { id, to } = stanza.attrs;
    if (fault.kind === 'delay') this.parts.clock.after(fault.ms, () => this.handle(client, stanza));
    if (fault.kind === 'duplicate') {
      this.handle(client, stanza);
      this.handle(client, stanza);
    }
    if (fault.kind === 'noReply') {
      (client.muted ??= new Set()).add(id ?? '');
      this.handle(client, stanza);
    }
    if (fault.kind === 'error') {
      const error = node('error', { code: fault.code, text: 'fault' });
      this.write(client.connection, node('iq', { from: to, id, type: 'error' }, [error]));
    }
    if (fault.kind === 'nack')
      this.write(client.connection, node('ack', { from: to, id, class: stanza.tag, error: fault.code }));
  }

  private isMuted(client: Client, { tag, attrs }: Stanza): boolean {
    return client.muted !== undefined && (tag === 'iq' || tag === 'ack') && client.muted.delete(attrs.id ?? '');
  }

  private record(direction: 'in' | 'out', { companion }: Client, stanza: Stanza): void {
    this.parts.counters.stanza(direction, stanza.tag);
    this.parts.log.add(direction, companion?.account.pn ?? null, companion?.id ?? null, stanza);
  }

  /** A bug in a handler must be seen, but it must not end a connection: the connection would blame the client. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.parts.counters.error();
      this.parts.logger.error({ err: error }, 'a stanza could not be handled');
    }
  }

  private clientOf(connection: Connection): Client {
    return this.clients.get(connection) ?? { connection };
  }
}
