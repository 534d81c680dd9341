import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import { IqError } from '../world/refusal.js';
import { Newsletter } from './newsletter.js';
import type { NewsletterSettings } from './newsletter.js';

/** All newsletters of a network, found by address or by invite code. */
export class Newsletters {
  private readonly byJid = new Map<string, Newsletter>();
  private changes = 0;

  constructor(private readonly core: Core) {}

  get all(): Newsletter[] {
    return [...this.byJid.values()].filter(({ isDeleted }) => !isDeleted);
  }

  create(owner: Account, settings: NewsletterSettings & { name: string }): Newsletter {
    const { seed, clock } = this.core;
    const purpose = `newsletter ${this.byJid.size}`;
    const jid = `120363${seed.digits(purpose, 12)}@newsletter`;
    const newsletter = new Newsletter(jid, seed.inviteCode(purpose), owner, clock.seconds());
    newsletter.configure(settings, this.changeId());
    this.byJid.set(jid, newsletter);
    return newsletter;
  }

  /** The newsletter with this address; refuses what never was and what is no more. */
  get(jid: string): Newsletter {
    const newsletter = this.byJid.get(jid);
    if (!newsletter) throw new IqError(404, 'Not Found: no such newsletter');
    if (newsletter.isDeleted) throw new IqError(410, 'Gone: the newsletter was deleted');
    return newsletter;
  }

  withInvite(code: string): Newsletter {
    const newsletter = this.all.find(({ invite }) => invite === code);
    if (!newsletter) throw new IqError(404, 'Not Found: no such invite');
    return newsletter;
  }

  /** Versions of names, descriptions and pictures are named after the moment of the change, in microseconds. */
  changeId(): string {
    return String(this.core.clock.now() * 1000 + (this.changes++ % 1000));
  }
}
