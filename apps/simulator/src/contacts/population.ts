import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { generateKeyPair } from '../wire/key-pair.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { usualManners } from './behaviour.js';
import type { Manners } from './behaviour.js';
import { behaviourNamed } from './behaviours/all.js';
import { Phone } from './phone.js';
import type { Surroundings } from './phone.js';
import { KeyMaterial } from './signal-engine.js';

/** What can be said about a new person; everything has a default. */
export interface PersonOrder extends Partial<Manners> {
  pn?: string;
  name?: string;
  /** How many devices the person has; each gets its own copy of every message. */
  devices?: number;
}

/** How many people are created at a stretch. */
const BATCH = 50;

/** Creates people together with the phone that is played for them. */
export class Population {
  private shared: KeyMaterial | undefined;

  constructor(private readonly around: Surroundings) {}

  /** A new person; the default is a contact that confirms delivery and nothing else. */
  create(order: PersonOrder): Phone {
    const { pn, name, devices, ...said } = order;
    const manners: Manners = { ...usualManners, ...said };
    const behaviour = behaviourNamed(manners.behaviour);
    const { directory } = this.around.core;
    if (pn !== undefined && directory.find(pn)) throw new Problem(409, 'account.exists', `The number ${pn} is taken.`);
    // Nobody checks what a sink reads, so all of them share one set of keys and one signature.
    const shared = behaviour.sharesKeys ? (this.shared ??= new KeyMaterial(generateKeyPair())) : undefined;
    const account = directory.create(pn, name, shared?.identity);
    const phone = new Phone(account, manners, shared ?? new KeyMaterial(account.identityKey), this.around);
    account.devices.set(phone.id, phone);
    this.adopt(phone);
    for (let more = devices ?? behaviour.devices ?? 1; more > 1; more--) {
      const device = this.addDevice(phone);
      account.devices.set(device.id, device);
    }
    return phone;
  }

  /** Many people of one kind; whoever is there already is served in between. */
  async createMany(order: PersonOrder, count: number): Promise<Phone[]> {
    const phones: Phone[] = [];
    while (phones.length < count) {
      if (phones.length > 0 && phones.length % BATCH === 0) await nextTurn();
      phones.push(this.create(order));
    }
    return phones;
  }

  /** Changes how a person behaves. */
  change(phone: Phone, manners: Partial<Manners>): void {
    Object.assign(phone.manners, manners);
    this.adopt(phone);
  }

  /** Installs the app again on a phone: new keys, no sessions. Linked clients learn it from the next message. */
  reinstall(phone: Phone): void {
    const { account } = phone;
    phone.reinstall(new KeyMaterial(account.renewIdentity()));
    for (const device of account.devices.values())
      if (device instanceof Companion) phone.enqueue(() => this.greet(phone, device));
  }

  /** One more device for a person, with keys of its own, to be linked; it behaves like the phone. */
  addDevice({ account, manners }: Phone): Phone {
    const position = { id: account.nextDeviceId(), keyIndex: account.nextKeyIndex() };
    return new Phone(account, manners, new KeyMaterial(generateKeyPair()), this.around, position);
  }

  /** A message without content in a new session, so that the client stops using the old one. */
  private greet(phone: Phone, companion: Companion): Promise<void> {
    const { APP_STATE_SYNC_KEY_SHARE: type } = proto.Message.ProtocolMessage.Type;
    const protocolMessage = { type, appStateSyncKeyShare: { keys: [] } };
    return phone.outbox.sendToCompanion(this.around.core.seed.messageId(phone.account.pn), companion, {
      protocolMessage,
    });
  }

  /** What a behaviour means for the person as a whole. */
  private adopt({ account, manners }: Phone): void {
    const { hidesNumber = false, refusesEverybody = false } = behaviourNamed(manners.behaviour);
    Object.assign(account, { hidesNumber, refusesEverybody });
  }

  /** The account with this number, created with a quiet phone when it is new: somebody who links a client. */
  ownerOf(pn: string): Account {
    return this.around.core.directory.find(pn) ?? this.create({ pn, behaviour: 'phone' }).account;
  }

  /** Resolves when everything people have to do is done, including what one thing set off at another. */
  async settled(): Promise<void> {
    for (let isIdle = false; !isIdle;) {
      isIdle = true;
      for (const account of this.around.core.directory.accounts)
        for (const device of account.devices.values())
          if (device instanceof Phone && !(await device.idle())) isIdle = false;
    }
  }

  /** The phone of an account. */
  phoneOf(account: Account): Phone {
    const phone = account.devices.get(0);
    if (!(phone instanceof Phone)) throw new Problem(500, 'account.phoneless', `${account.pn} has no phone.`);
    return phone;
  }
}
