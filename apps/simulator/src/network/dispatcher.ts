import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Plane } from '../messages/plane.js';
import type { Presence } from '../messages/presence.js';
import type { Pairing } from '../pairing/pairing.js';
import type { PairingCode } from '../pairing/pairing-code.js';
import type { IqRouter } from '../routes/iq-router.js';
import { child, children, sizeOf } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { Client } from './client.js';
import type { Gate } from './gate.js';
import type { Switch } from './network.js';

/** What one device gets of a message: files are elsewhere, so this is more than any text. */
const MAX_MESSAGE_BYTES = 512 * 1024;
const TOO_LARGE = '413';

/** Takes a stanza of a linked client that is not a query; what it answers goes back to the client. */
export type StanzaHandler = (from: Companion, node: Stanza) => Stanza | void;

/** The parts a stanza can be handed to. */
export interface Departments {
  gate: Gate;
  pairing: Pairing;
  pairingCode: PairingCode;
  router: IqRouter;
  messages: Plane;
  receipts: Plane;
  presence: Presence;
}

/** Hands every stanza of a client to the part of the service that deals with it. */
export class Dispatcher implements Switch {
  private readonly handlers = new Map<string, StanzaHandler>();

  constructor(
    private readonly core: Core,
    private readonly departments: Departments,
  ) {
    const { presence } = departments;
    this.on('ack', (companion, node) => companion.confirm(node));
    this.on('presence', (companion, node) => presence.presence(companion, node));
    this.on('chatstate', (companion, node) => presence.chatState(companion, node));
    this.on('ib', () => undefined);
  }

  /** Gives stanzas with this tag to a handler. */
  on(tag: string, handler: StanzaHandler): void {
    this.handlers.set(tag, handler);
  }

  arrived(client: Client, payload: proto.ClientPayload, staticKey: Buffer): void {
    this.departments.gate.admit(client, payload, staticKey);
  }

  received(client: Client, node: Stanza): void {
    const { router, pairing } = this.departments;
    if (node.tag === 'iq') {
      const isAnswer = node.attrs.type === 'result' || node.attrs.type === 'error';
      if (isAnswer) pairing.signed(client, node);
      else router.handle(client, node);
    } else if (client.companion) {
      this.fromCompanion(client, client.companion, node);
    }
  }

  closed(client: Client): void {
    const { pairing, pairingCode, presence } = this.departments;
    pairing.dropped(client);
    pairingCode.dropped(client);
    client.companion?.detach(client.connection);
    if (client.companion) presence.refresh(client.companion.account);
  }

  private fromCompanion(client: Client, companion: Companion, node: Stanza): void {
    const { messages, receipts } = this.departments;
    if (node.tag === 'message') return this.carry(messages, client, companion, node);
    if (node.tag === 'receipt') {
      companion.confirm(node);
      return this.carry(receipts, client, companion, node);
    }
    const handler = this.handlers.get(node.tag);
    const answer = handler ? handler(companion, node) : this.unknown(node);
    if (answer) this.core.write(client.connection, answer);
  }

  /** The ack goes out first: what the delivery sets off must not overtake it. */
  private carry(plane: Plane, client: Client, companion: Companion, node: Stanza): void {
    const carrier = plane.carrierOf(node);
    const note = isOversized(node) ? { error: TOO_LARGE } : carrier?.admit?.(companion, node);
    const isUnknown = !carrier || note?.error === '501';
    this.core.write(client.connection, isUnknown ? this.unknown(node) : ackOf(node, this.core.clock.seconds(), note));
    if (!isUnknown && !note?.error) carrier.submit(companion, node);
  }

  /** Refuses what is not implemented, and counts it. */
  private unknown(node: Stanza): Stanza {
    this.core.counters.unknown(kindOf(node));
    return ackOf(node, this.core.clock.seconds(), { error: '501' });
  }
}

/** The confirmation of a stanza, with more attributes where a kind has them. */
export function ackOf({ tag, attrs }: Stanza, t: number, more: Stanza['attrs'] = {}): Stanza {
  const ack: Stanza['attrs'] = { class: tag, t: String(t) };
  if (attrs.to) ack.from = attrs.to;
  if (attrs.id) ack.id = attrs.id;
  if (attrs.participant) ack.participant = attrs.participant;
  if (tag === 'receipt' && attrs.type) ack.type = attrs.type;
  return { tag: 'ack', attrs: { ...ack, ...more } };
}

/** Everybody in a chat gets the common part at once. */
function isOversized(node: Stanza): boolean {
  const participants = child(node, 'participants');
  const copies = children(participants).map(sizeOf);
  const common = sizeOf(node) - (participants ? sizeOf(participants) : 0);
  return node.tag === 'message' && common + Math.max(0, ...copies) > MAX_MESSAGE_BYTES;
}

function kindOf(node: Stanza): string {
  const server = node.attrs.to?.split('@')[1] ?? '';
  return [node.tag, node.attrs.type ?? '', child(node)?.tag ?? '', server].filter(Boolean).join(' ');
}
