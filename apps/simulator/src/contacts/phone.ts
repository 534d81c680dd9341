import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Groups } from '../groups/groups.js';
import { Gallery } from '../media/gallery.js';
import { BulkOutbox } from '../load/bulk-outbox.js';
import type { MediaStore } from '../media/media-store.js';
import { answerUploadRequest } from '../media/reupload.js';
import type { CallOrder, Callee, Calls } from '../messages/calls.js';
import type { Plane } from '../messages/plane.js';
import type { Presence } from '../messages/presence.js';
import type { PastMessage } from '../primary/chronicle.js';
import { LinkedClients } from '../primary/linked-clients.js';
import { ownMessage, receivedMessage, statusOf } from '../primary/past-message.js';
import { collectionNames } from '../world/settings-log.js';
import type { Trust } from '../profile/trust.js';
import { familyOf, parseJid } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import { child, children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { BoundedMap } from '../world/bounded-map.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { identityStanzas, preKeyStanza, readBundle, signedPreKeyStanza } from '../world/key-stanzas.js';
import type { Actor, Behaviour, Manners } from './behaviour.js';
import { behaviourNamed } from './behaviours/all.js';
import { Correspondence } from './correspondence.js';
import { Inbox } from './inbox.js';
import { addressOf, chatJid, recordName } from './letter.js';
import type { Destination, Letter } from './letter.js';
import { MailRecord } from './mail-record.js';
import { Outbox, signalAddress } from './outbox.js';
import type { Audience } from './outbox.js';
import { SenderKeys } from './sender-keys.js';
import { SignalEngine } from './signal-engine.js';
import type { KeyMaterial } from './signal-engine.js';

const MAX_RETRIES = 5;
const MAX_RETRIED = 1_000;

/** What a phone needs of the network around it. */
export interface Surroundings {
  core: Core;
  groups: Groups;
  messages: Plane;
  receipts: Plane;
  /** Encrypts what people send along with messages and puts it on the media server. */
  media: MediaStore;
  presence: Presence;
  calls: Calls;
  trust: Trust;
}

/** Which of its owner's devices a phone is. */
export interface Position {
  id: number;
  keyIndex: number;
}

/**
 * A device of a person, played by the simulator: it really decrypts, answers and sends. Device 0 is the phone and acts
 * for the person; further ones confirm what they receive and keep their own record.
 */
export class Phone implements Device, Actor {
  readonly id: number;
  readonly keyIndex: number;
  readonly record: MailRecord;
  readonly correspondence: Correspondence;
  /** The files it has received and sent. */
  readonly gallery: Gallery;
  keys: SignalEngine;
  outbox: Outbox;
  /** What it sends as a source of load. */
  readonly bulk: BulkOutbox;
  /** What it does for the clients linked to it. */
  readonly linked: LinkedClients;
  private inbox: Inbox;
  private readonly retried = new BoundedMap<string, number>(MAX_RETRIED);
  /** One thing after the other: Signal sessions do not bear concurrency. */
  private work: Promise<void> = Promise.resolve();
  private pending = 0;

  constructor(
    readonly account: Account,
    readonly manners: Manners,
    material: KeyMaterial,
    private readonly around: Surroundings,
    { id, keyIndex }: Position = { id: 0, keyIndex: 0 },
  ) {
    this.id = id;
    this.keyIndex = keyIndex;
    this.record = new MailRecord(around.core.clock);
    this.correspondence = new Correspondence(account);
    this.gallery = new Gallery(account, around.media);
    const { keys, inbox, outbox } = this.install(material);
    this.keys = keys;
    this.inbox = inbox;
    this.outbox = outbox;
    this.bulk = new BulkOutbox(this, around.messages, around.core.directory);
    this.linked = new LinkedClients({ ...around, phone: this });
  }

  /** Starts over with other keys and no sessions, as a phone does when the app is installed again. */
  reinstall(material: KeyMaterial): void {
    Object.assign(this, this.install(material));
  }

  get core(): Core {
    return this.around.core;
  }

  get media(): MediaStore {
    return this.around.media;
  }

  private get behaviour(): Behaviour {
    return behaviourNamed(this.manners.behaviour);
  }

  /** The address family this person writes to another one in, when nothing else is said. */
  familyFor(other: Account): Family {
    return this.account.hidesNumber || other.hidesNumber ? 'lid' : 'pn';
  }

  push(node: Stanza): void {
    const { behaviour } = this;
    if (node.tag === 'notification') return this.onNotification(node);
    if (!behaviour.opensMail && behaviour.confirms === 'nothing') return;
    if (node.tag === 'receipt') this.onReceipt(node);
    if (node.tag !== 'message') return;
    if (behaviour.opensMail) return this.enqueue(() => this.openMessage(node));
    this.record.arrived();
    if (behaviour.confirms !== 'nothing') this.confirm(node);
  }

  /** Sends a message once everything before it is done; the answer is the code it was refused with, if it was. */
  async send(to: Destination, message: proto.IMessage, id: string, audience?: Audience): Promise<string | undefined> {
    return this.inTurn(() => this.dispatch(id, to, message, audience));
  }

  async answer(to: Destination, message: proto.IMessage): Promise<string> {
    const id = this.core.seed.messageId(this.account.pn);
    await this.dispatch(id, to, message);
    return id;
  }

  async later(ms: number, task: () => Promise<void>): Promise<void> {
    if (ms > 0) this.core.clock.after(ms, () => this.enqueue(task));
    else await task();
  }

  showTyping(to: Destination, isTyping: boolean): void {
    const body = [stanza(isTyping ? 'composing' : 'paused')];
    this.around.presence.chatState(this, stanza('chatstate', { to: addressOf(to) }, body));
  }

  call(to: Callee, order: CallOrder): void {
    this.around.calls.ring(this, to, order);
  }

  /** A linked client has logged in; at its first login it gets the keys and the history. */
  welcome(companion: Companion): void {
    if (companion.isAcquainted) return;
    companion.isAcquainted = true;
    this.enqueue(() => this.linked.greet(companion));
  }

  /** Does something with the phone's sessions in turn; failures are logged. */
  enqueue(task: () => Promise<void>): void {
    this.pending++;
    this.work = this.work
      .then(task)
      .catch((error: unknown) => {
        this.core.logger.warn({ err: error, account: this.account.pn }, 'a phone could not do its work');
      })
      .finally(() => void this.pending--);
  }

  /** Does something in turn and answers what came of it. */
  async inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.work.then(task);
    this.enqueue(async () => void (await done));
    return done;
  }

  /** Resolves when the phone has nothing left to do; true when there was nothing. */
  async idle(): Promise<boolean> {
    const wasIdle = this.pending === 0;
    await this.work;
    return wasIdle;
  }

  /** Sends a receipt of any type for messages of a person; in a chat of several people, `participant` wrote them. */
  sendReceipt(to: string, [id, ...more]: string[], type?: string, participant?: string): void {
    const items = more.map((other) => stanza('item', { id: other }));
    const list = more.length > 0 ? [stanza('list', {}, items)] : undefined;
    this.around.receipts.submit(this, stanza('receipt', { to, participant, id, type }, list));
  }

  private install(material: KeyMaterial): { keys: SignalEngine; inbox: Inbox; outbox: Outbox } {
    const { core, groups, messages } = this.around;
    const keys = new SignalEngine(material);
    const senderKeys = new SenderKeys(signalAddress(this.account, this.id));
    const inbox = new Inbox(core.directory, groups, { engine: keys, senderKeys });
    return { keys, inbox, outbox: new Outbox(this, keys, senderKeys, messages) };
  }

  private async openMessage(node: Stanza): Promise<void> {
    const { from = '', participant: author = from, id = '' } = node.attrs;
    for (const opening of await this.inbox.open(node)) {
      if ('letter' in opening) await this.read(opening.letter);
      else {
        this.record.failed(id, this.core.directory.findByJid(author)?.pn ?? author, opening.failure);
        if (this.manners.retries) this.askAgain(node);
      }
    }
  }

  private async read(letter: Letter): Promise<void> {
    const { id, from, chat } = letter;
    const isOwn = from === this.account;
    if (isOwn && letter.stanza.attrs.category === 'peer') return this.linked.asked(letter);
    this.note(receivedMessage(letter, isOwn), chat);
    const to = chat.kind === 'person' && !isOwn ? this.account.pn : recordName(chat);
    this.correspondence.remember(letter);
    const media = this.gallery.open(id, letter.message);
    this.record.seen({ id, from: from.pn, to, ...this.correspondence.read(letter), media });
    if (isOwn || this.behaviour.confirms === 'nothing') return;
    await this.later(this.manners.deliveryMs, async () => {
      this.confirm(letter.stanza);
      if (this.id === 0) await this.later(this.manners.readMs, () => this.attend(letter));
    });
  }

  /** The person looks at a message: it counts as read, and they do what they do then. */
  private async attend(letter: Letter): Promise<void> {
    if (this.behaviour.confirms === 'reading') this.confirm(letter.stanza, 'read');
    if (expectsAnswer(letter)) await this.behaviour.onLetter?.(this, letter);
  }

  private confirm({ attrs: { from = '', participant, id = '' } }: Stanza, type?: string): void {
    this.sendReceipt(from, [id], type, participant);
    if (type === 'read') this.linked.past.markRead(this.chatOf(from));
  }

  private async dispatch(
    id: string,
    to: Destination,
    message: proto.IMessage,
    audience?: Audience,
  ): Promise<string | undefined> {
    const code = await this.outbox.send(id, to, message, audience);
    if (code !== undefined) {
      this.record.refused.add({ id, to: recordName(to), code });
      return code;
    }
    this.correspondence.remember({ id, from: this.account, chat: to, message });
    this.note(ownMessage(id, chatJid(to), message, this.core.clock.seconds()), to);
    this.record.counts.sent++;
    if (to.kind === 'person') this.around.trust.introduce(this.account, to.account);
    return undefined;
  }

  /** What the phone will tell its clients about the past; statuses are gone by then. */
  private note(message: PastMessage, chat: Destination): void {
    if (chat.kind !== 'status') this.linked.past.note(message);
  }

  private onReceipt(node: Stanza): void {
    const { type, id = '' } = node.attrs;
    if (type === 'server-error') return this.enqueue(() => answerUploadRequest(this, node));
    if (type !== 'retry') return this.onTicks(node);
    this.record.retries.wereAsked++;
    const device = this.core.directory.findDevice(node.attrs.participant ?? node.attrs.from);
    if (!this.manners.answerRetries || !device) return;
    const count = child(node, 'retry')?.attrs.count ?? '1';
    if (this.bulk.resend(id, device, count)) return void this.record.retries.answered++;
    this.enqueue(async () => {
      if (await this.outbox.resend(id, device, count, readBundle(node))) this.record.retries.answered++;
    });
  }

  private onTicks(node: Stanza): void {
    const { type, id = '', from = '', recipient = '' } = node.attrs;
    const ids = [id, ...children(child(node, 'list'), 'item').map(({ attrs }) => attrs.id ?? '')];
    this.record.receipt(type, ids.length);
    if (!this.behaviour.opensMail) return this.bulk.confirmed(from);
    if (type === 'read-self') this.linked.past.markRead(this.chatOf(familyOf(from) ? recipient : from));
    else if (familyOf(from)) this.linked.past.reached(this.chatOf(from), ids, statusOf(type));
  }

  /** A client wrote settings, which the phone can read. */
  private onNotification(node: Stanza): void {
    if (node.attrs.type !== 'server_sync') return;
    const written = children(node, 'collection').map(({ attrs }) => attrs.name);
    const names = collectionNames.filter((name) => written.includes(name));
    this.enqueue(() => this.linked.settings.catchUp(names));
  }

  private chatOf(jid: string): string {
    return this.core.directory.findByJid(jid)?.jid('pn') ?? jid;
  }

  private askAgain({ attrs }: Stanza): void {
    const { from, participant, id = '', t } = attrs;
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
    this.around.receipts.submit(this, stanza('receipt', { to: from, participant, id, type: 'retry' }, content));
  }
}

/**
 * Nobody answers a status. In a group, people played here answer clients but not each other: two of them that repeat
 * what they hear would never stop.
 */
function expectsAnswer({ chat, stanza: { attrs } }: Letter): boolean {
  if (chat.kind === 'person') return true;
  return chat.kind === 'group' && (parseJid(attrs.participant)?.device ?? 0) !== 0;
}
