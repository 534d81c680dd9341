import { generateKeyPair } from '../wire/key-pair.js';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import type { Manners } from './behaviour.js';
import { behaviourNamed } from './behaviours/all.js';
import { Phone } from './phone.js';
import type { Surroundings } from './phone.js';
import { KeyMaterial } from './signal-engine.js';

/** What can be said about a new person; everything has a default. */
export interface PersonOrder extends Partial<Manners> {
  pn?: string;
  name?: string;
}

/** Creates people together with the phone that is played for them. */
export class Population {
  private shared: KeyMaterial | undefined;

  constructor(private readonly around: Surroundings) {}

  /** A new person; the default is a contact that confirms delivery and nothing else. */
  create(order: PersonOrder): Phone {
    const manners: Manners = {
      behaviour: order.behaviour ?? 'silent',
      retries: order.retries ?? false,
      answerRetries: order.answerRetries ?? true,
      rules: order.rules ?? [],
    };
    const { directory } = this.around.core;
    if (order.pn !== undefined && directory.find(order.pn))
      throw new Problem(409, 'account.exists', `The number ${order.pn} is taken.`);
    // Nobody checks what a sink reads, so all of them share one set of keys and one signature.
    const { sharesKeys } = behaviourNamed(manners.behaviour);
    const shared = sharesKeys ? (this.shared ??= new KeyMaterial(generateKeyPair())) : undefined;
    const account = directory.create(order.pn, order.name, shared?.identity);
    const phone = new Phone(account, manners, shared ?? new KeyMaterial(account.identityKey), this.around);
    account.devices.set(phone.id, phone);
    return phone;
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
