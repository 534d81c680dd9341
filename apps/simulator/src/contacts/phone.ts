import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Logger } from 'pino';
import type { MessagePlane } from '../messages/message-plane.js';
import type { ReceiptPlane } from '../messages/receipt-plane.js';
import { familyOf, parseJid } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import { child, children, contentBytes, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import { identityStanzas, preKeyStanza, readBundle, signedPreKeyStanza } from '../world/key-stanzas.js';
import type { Seed } from '../world/seed.js';
import { answerTo, confirmsDelivery, confirmsReading, opensMail } from './behaviour.js';
import type { Manners } from './behaviour.js';
import { MailRecord } from './mail-record.js';
import { Outbox, signalAddress } from './outbox.js';
import { kindOf, open, textOf } from './plaintext.js';
import { SignalEngine } from './signal-engine.js';
import type { KeyMaterial } from './signal-engine.js';

const MAX_RETRIES = 5;

/** What a phone needs of the network around it. */
export interface Surroundings {
  directory: Directory;
  messages: MessagePlane;
  receipts: ReceiptPlane;
  seed: Seed;
  logger: Logger;
}

/** Device 0 of an account, played by the simulator: it really decrypts, answers and sends. */
export class Phone implements Device {
  readonly id = 0;
  readonly keyIndex = 0;
  readonly keys: SignalEngine;
  readonly record = new MailRecord();
  readonly outbox: Outbox;
  private readonly retried = new Map<string, number>();
  /** One thing after the other: Signal sessions do not bear concurrency. */
  private work: Promise<void> = Promise.resolve();

  constructor(
    readonly account: Account,
    readonly manners: Manners,
    material: KeyMaterial,
    private readonly around: Surroundings,
  ) {
    this.keys = new SignalEngine(material);
    this.outbox = new Outbox(this, this.keys, around.messages);
  }

  push(node: Stanza): void {
    const { behaviour } = this.manners;
    if (behaviour === 'unreachable') return;
    if (node.tag === 'receipt') this.onReceipt(node);
    if (node.tag !== 'message') return;
    if (opensMail(behaviour)) return this.enqueue(() => this.openMessage(node));
    this.record.arrived();
    this.confirm(node);
  }

  /** Sends a message to a person once everything before it is done. */
  async send(to: Account, family: Family, message: proto.IMessage, id: string): Promise<void> {
    const sending = this.work.then(() => this.outbox.send(id, to, family, message));
    this.enqueue(() => sending);
    await sending;
    this.record.counts.sent++;
  }

  /** Does something with the phone's sessions in turn; failures are logged. */
  enqueue(task: () => Promise<void>): void {
    this.work = this.work.then(task).catch((error: unknown) => {
      this.around.logger.warn({ err: error, account: this.account.pn }, 'a phone could not do its work');
    });
  }

  /** Sends a receipt of any type for messages of a person. */
  sendReceipt(to: string, [id, ...more]: string[], type?: string): void {
    const items = more.map((other) => stanza('item', { id: other }));
    const list = more.length > 0 ? [stanza('list', {}, items)] : undefined;
    this.around.receipts.submit(this, stanza('receipt', { to, id, type }, list));
  }

  private async openMessage(node: Stanza): Promise<void> {
    const { from = '', id = '' } = node.attrs;
    const sender = this.around.directory.findByJid(from);
    if (!sender) return;
    const address = signalAddress(sender, parseJid(from)?.device ?? 0);
    for (const enc of children(node, 'enc')) {
      try {
        const plain = await this.keys.decrypt(address, enc.attrs.type ?? 'msg', contentBytes(enc));
        await this.read(node, sender, id, plain);
      } catch (error) {
        this.record.failed(id, sender.pn, error);
        if (this.manners.retries) this.askAgain(node);
      }
    }
  }

  private async read(node: Stanza, sender: Account, id: string, plain: Buffer): Promise<void> {
    const { message, chat } = open(plain);
    const to = this.around.directory.findByJid(chat)?.pn ?? this.account.pn;
    const text = textOf(message);
    this.record.seen({ id, from: sender.pn, to, text, kind: kindOf(message) });
    if (sender === this.account) return;
    this.confirm(node);
    const answer = text === null ? undefined : answerTo(this.manners, text);
    const family = familyOf(node.attrs.from);
    if (answer === undefined || !family) return;
    await this.outbox.send(this.around.seed.messageId(), sender, family, { conversation: answer });
    this.record.counts.sent++;
  }

  private confirm({ attrs }: Stanza): void {
    const { from = '', id = '' } = attrs;
    const { behaviour } = this.manners;
    if (confirmsDelivery(behaviour)) this.sendReceipt(from, [id]);
    if (confirmsReading(behaviour)) this.sendReceipt(from, [id], 'read');
  }

  private onReceipt(node: Stanza): void {
    const { type, id = '' } = node.attrs;
    if (type !== 'retry') return this.record.receipt(type, 1 + children(child(node, 'list'), 'item').length);
    this.record.retries.wereAsked++;
    const device = this.around.directory.findDevice(node.attrs.from);
    if (!this.manners.answerRetries || !device) return;
    const count = child(node, 'retry')?.attrs.count ?? '1';
    this.enqueue(async () => {
      if (await this.outbox.resend(id, device, count, readBundle(node))) this.record.retries.answered++;
    });
  }

  private askAgain({ attrs }: Stanza): void {
    const { from, id = '', t } = attrs;
    const count = (this.retried.get(id) ?? 0) + 1;
    if (count > MAX_RETRIES) return;
    this.retried.set(id, count);
    this.record.retries.asked++;
    const [registration, ...bundle] = identityStanzas(this.keys);
    const content = [stanza('retry', { v: 1, count, id, t })];
    if (registration) content.push(registration);
    // Like real clients, the first request is bare: the sender then fetches fresh keys from the service.
    if (count > 1) {
      const keys = [...bundle, preKeyStanza(this.keys.takePreKey()), signedPreKeyStanza(this.keys.signedPreKey())];
      content.push(stanza('keys', {}, keys));
    }
    this.around.receipts.submit(this, stanza('receipt', { to: from, id, type: 'retry' }, content));
  }
}
