import { IqError } from '../world/refusal.js';
import { Catalog } from './catalog.js';

/** When a business is open on a day of the week. */
export interface OpeningHours {
  /** sun, mon, … */
  day: string;
  mode: string;
  /** Minutes after midnight; only for `specific_hours`. */
  opensAt?: string | undefined;
  closesAt?: string | undefined;
}

/** What a business says about itself. */
export interface BusinessProfile {
  address?: string | undefined;
  description?: string | undefined;
  email?: string | undefined;
  websites?: string[] | undefined;
  category?: string | undefined;
  hours?: { timezone: string; days: OpeningHours[] } | undefined;
}

/** Something ordered. */
export interface OrderItem {
  id: string;
  name: string;
  /** In thousandths of the currency's unit, as everywhere in catalogs. */
  price: number;
  currency: string;
  quantity: number;
  imageUrl?: string;
}

/** An order a customer placed; whoever has its token may read it. */
export interface Order {
  id: string;
  token: string;
  items: OrderItem[];
}

/** The cover picture of a business, by the id its upload has got. */
export interface CoverPhoto {
  id: string;
  token: string;
}

/** The business side of an account. */
export class Business {
  profile: BusinessProfile = {};
  cover: CoverPhoto | undefined;
  readonly catalog = new Catalog();
  private readonly orders = new Map<string, Order>();

  /** Changes what is given and leaves the rest. */
  update(changes: BusinessProfile): void {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    this.profile = { ...this.profile, ...Object.fromEntries(given) };
  }

  setOrders(orders: Order[]): void {
    this.orders.clear();
    for (const order of orders) this.orders.set(order.id, order);
  }

  listOrders(): Order[] {
    return [...this.orders.values()];
  }

  findOrder(id: string): Order | undefined {
    return this.orders.get(id);
  }

  /** Takes the cover picture away; refuses an id that is not the present one's. */
  removeCover(id: string): void {
    if (this.cover?.id !== id) throw new IqError(404, 'item-not-found');
    this.cover = undefined;
  }
}
