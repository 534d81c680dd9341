import type { PersonOrder, Population } from '../contacts/population.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';

/** Somebody artificial: listed to every client, written to at an address of its own. */
export interface Bot {
  jid: string;
  personaId: string;
  account: Account;
}

/** What can be said about a new bot. */
export type BotOrder = Pick<PersonOrder, 'name' | 'behaviour' | 'rules'>;

/** Numbers that clients take for those of bots: they are not asked for contact tokens. */
const FIRST_NUMBER = 13_135_550_000;

/** The bots of a network. They are played like people, because no client of this kind can read a bot's own ciphers. */
export class Bots {
  readonly all: Bot[] = [];

  constructor(
    private readonly core: Core,
    private readonly population: Population,
  ) {}

  create(order: BotOrder): Bot {
    const { seed, directory } = this.core;
    const number = this.all.length + 2;
    const { account } = this.population.create({ behaviour: 'echo', ...order, pn: String(FIRST_NUMBER + number) });
    const jid = `${seed.digits(`bot ${number}`, 15)}@bot`;
    directory.alias(jid, account);
    const bot = { jid, personaId: seed.digits(`persona ${number}`, 16), account };
    this.all.push(bot);
    return bot;
  }
}
