import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import { IqError } from '../world/refusal.js';
import { Business } from './business.js';
import type { Order } from './business.js';

/** The accounts that are businesses. */
export class Businesses {
  private readonly byAccount = new Map<Account, Business>();
  private issued = 0;

  constructor(private readonly core: Core) {}

  find(account: Account): Business | undefined {
    return this.byAccount.get(account);
  }

  /** The account's business; refuses an account that has none. */
  get(account: Account): Business {
    const business = this.byAccount.get(account);
    if (!business) throw new IqError(403, 'forbidden');
    return business;
  }

  /** The business behind an address somebody asks about. */
  at(jid: string | undefined): Business {
    const account = this.core.directory.findByJid(jid);
    const business = account && this.byAccount.get(account);
    if (!business) throw new IqError(404, 'item-not-found');
    return business;
  }

  /** Makes an account a business, if it is none yet. */
  found(account: Account): Business {
    const business = this.byAccount.get(account) ?? new Business();
    this.byAccount.set(account, business);
    return business;
  }

  findOrder(id: string): Order | undefined {
    for (const business of this.byAccount.values()) {
      const order = business.findOrder(id);
      if (order) return order;
    }
    return undefined;
  }

  /** A number for a new product. */
  productId(): string {
    return this.core.seed.digits(`product ${this.issued++}`, 16);
  }
}
