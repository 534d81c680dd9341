import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { MessagePlane } from '../messages/message-plane.js';
import type { PresencePlane } from '../messages/presence-plane.js';
import type { ReceiptPlane } from '../messages/receipt-plane.js';
import type { Pairing } from '../pairing/pairing.js';
import type { PairingCode } from '../pairing/pairing-code.js';
import type { IqRouter } from '../routes/iq-router.js';
import type { Counters } from '../traffic/counters.js';
import { child } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion, Write } from '../world/companion.js';
import type { Client } from './client.js';
import type { Gate } from './gate.js';
import type { Switch } from './network.js';

/** The parts a stanza can be handed to. */
export interface Departments {
  gate: Gate;
  pairing: Pairing;
  pairingCode: PairingCode;
  router: IqRouter;
  messages: MessagePlane;
  receipts: ReceiptPlane;
  presence: PresencePlane;
  counters: Counters;
  write: Write;
}

/** Hands every stanza of a client to the part of the service that deals with it. */
export class Dispatcher implements Switch {
  constructor(private readonly departments: Departments) {}

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
    const { messages, receipts, presence } = this.departments;
    switch (node.tag) {
      case 'message':
        return this.carry(messages, client, companion, node);
      case 'receipt':
        companion.confirm(node);
        return this.carry(receipts, client, companion, node);
      case 'ack':
        return companion.confirm(node);
      case 'presence':
        return presence.presence(companion, node);
      case 'chatstate':
        return presence.chatState(companion, node);
      case 'ib':
        return;
      default:
        return this.acknowledge(client, node, false);
    }
  }

  /** The ack goes out first: what the delivery sets off must not overtake it. */
  private carry(plane: MessagePlane | ReceiptPlane, client: Client, companion: Companion, node: Stanza): void {
    const isKnown = plane.carries(node);
    this.acknowledge(client, node, isKnown);
    if (isKnown) plane.submit(companion, node);
  }

  private acknowledge({ connection }: Client, node: Stanza, isKnown: boolean): void {
    const { tag, attrs } = node;
    const ack: Stanza['attrs'] = { class: tag, t: String(Math.floor(Date.now() / 1000)) };
    if (attrs.to) ack.from = attrs.to;
    if (attrs.id) ack.id = attrs.id;
    if (attrs.participant) ack.participant = attrs.participant;
    if (tag === 'receipt' && attrs.type) ack.type = attrs.type;
    if (!isKnown) {
      this.departments.counters.unknown(kindOf(node));
      ack.error = '501';
    }
    this.departments.write(connection, { tag: 'ack', attrs: ack });
  }
}

function kindOf(node: Stanza): string {
  const server = node.attrs.to?.split('@')[1] ?? '';
  return [node.tag, node.attrs.type ?? '', child(node)?.tag ?? '', server].filter(Boolean).join(' ');
}
