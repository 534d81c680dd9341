import { parseJid } from '../wire/jid.js';
import type { KeyPair } from '../wire/key-pair.js';
import { Account } from './account.js';
import type { Device } from './account.js';
import { Problem } from './problem.js';
import type { Seed } from './seed.js';

/** Everybody on the network, found by phone number or opaque id. */
export class Directory {
  private readonly byPn = new Map<string, Account>();
  private readonly byLid = new Map<string, Account>();
  private readonly byAlias = new Map<string, Account>();
  private readonly byUsername = new Map<string, Account>();
  private nextNumber = 1;

  constructor(
    private readonly seed: Seed,
    private readonly capacity = 200_000,
  ) {}

  get accounts(): IterableIterator<Account> {
    return this.byPn.values();
  }

  get size(): number {
    return this.byPn.size;
  }

  /** Adds a person; without a number the next free one of a reserved range is taken. */
  create(pn: string = this.freeNumber(), name?: string, identity?: KeyPair): Account {
    if (this.size >= this.capacity)
      throw new Problem(409, 'network.full', `The network has ${this.capacity} accounts; it takes no more.`);
    const account = new Account(pn, this.seed.lidOf(pn), name ?? this.seed.nameOf(pn), identity);
    this.byPn.set(pn, account);
    this.byLid.set(account.lid, account);
    return account;
  }

  /** Gives a person a name to be found by, which nobody else has any more; undefined takes it away. */
  setUsername(account: Account, username: string | undefined): void {
    if (account.username !== undefined) this.byUsername.delete(account.username);
    account.username = username;
    if (username === undefined) return;
    const before = this.byUsername.get(username);
    if (before) before.username = undefined;
    this.byUsername.set(username, account);
  }

  findByUsername(username: string): Account | undefined {
    return this.byUsername.get(username);
  }

  /** Gives a person one more address, outside of the two families. */
  alias(jid: string, account: Account): void {
    this.byAlias.set(jid, account);
  }

  find(pn: string): Account | undefined {
    return this.byPn.get(pn);
  }

  /** The person behind an address of either family, whatever device it names. */
  findByJid(jid: string | undefined): Account | undefined {
    const parsed = parseJid(jid);
    if (!parsed) return undefined;
    if (parsed.server === 'lid') return this.byLid.get(parsed.user);
    if (parsed.server === 's.whatsapp.net' || parsed.server === 'c.us') return this.byPn.get(parsed.user);
    return jid === undefined ? undefined : this.byAlias.get(jid);
  }

  /** The device an address names; the phone when it names none. */
  findDevice(jid: string | undefined): Device | undefined {
    return this.findByJid(jid)?.devices.get(parseJid(jid)?.device ?? 0);
  }

  private freeNumber(): string {
    let pn: string;
    do pn = `1555${String(this.nextNumber++).padStart(7, '0')}`;
    while (this.byPn.has(pn));
    return pn;
  }
}
