import { IqError } from '../world/refusal.js';

/** A thing for sale. */
export interface Product {
  id: string;
  name: string;
  description: string;
  /** In thousandths of the currency's unit. */
  price: number;
  currency: string;
  retailerId: string;
  url: string;
  imageUrls: string[];
  isHidden: boolean;
}

/** Products shown together under a name. */
export interface Collection {
  id: string;
  name: string;
  productIds: string[];
}

const MAX_PRODUCTS = 500;

/** What a business sells. */
export class Catalog {
  collections: Collection[] = [];
  private products = new Map<string, Product>();

  get size(): number {
    return this.products.size;
  }

  add(product: Product): Product {
    if (this.products.size >= MAX_PRODUCTS) throw new IqError(406, 'not-acceptable');
    this.products.set(product.id, product);
    return product;
  }

  edit(id: string, changes: Partial<Product>): Product {
    const product = this.products.get(id);
    if (!product) throw new IqError(404, 'item-not-found');
    return Object.assign(product, changes);
  }

  /** Takes products away, from the collections too; answers how many there were. */
  remove(ids: string[]): number {
    const removed = ids.filter((id) => this.products.delete(id));
    for (const collection of this.collections)
      collection.productIds = collection.productIds.filter((id) => !removed.includes(id));
    return removed.length;
  }

  /** Replaces everything. */
  fill(products: Product[]): void {
    this.products = new Map(products.map((product) => [product.id, product]));
  }

  /** What somebody sees: others do not see hidden products. */
  shownTo(isOwner: boolean): Product[] {
    return [...this.products.values()].filter(({ isHidden }) => isOwner || !isHidden);
  }

  /** A page of what somebody sees, and the cursor of the next one; a cursor that is none reads from the start. */
  page(isOwner: boolean, limit: number, cursor: string | undefined): { products: Product[]; next: string | undefined } {
    const all = this.shownTo(isOwner);
    const start = all.findIndex(({ id }) => cursorOf(id) === cursor) + 1;
    const products = all.slice(start, start + limit);
    const last = products.at(-1);
    return { products, next: last && start + limit < all.length ? cursorOf(last.id) : undefined };
  }
}

function cursorOf(id: string): string {
  return Buffer.from(`after ${id}`).toString('base64url');
}
