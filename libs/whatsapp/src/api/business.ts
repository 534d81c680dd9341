import { type Product as WaProduct, type ProductUpdate, S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { AppError, type ErrorKind } from '@app/platform/errors/app-error.js';
import { toJid } from '../map/jid.js';
import { moneyOf, thousandths } from '../map/numbers.js';
import { ask, askNode } from './ask.js';
import {
  type BusinessProfile,
  minutesOf,
  modeOnWire,
  type OpeningHours,
  readBusinessProfile,
} from './business-profile.js';
import { refusalOf } from './failure.js';
import type { MediaApi } from './media.js';
import { ownIds } from './own-ids.js';

/** A thing for sale; money in units of the currency. */
export interface Product {
  productId: string;
  name: string;
  description: string;
  price: number | null;
  currency: string;
  retailerId: string | null;
  url: string | null;
  imageUrl: string | null;
  isHidden: boolean;
  /** In WhatsApp's words, such as `APPROVED`. */
  reviewStatus: string | null;
}

export interface Collection {
  collectionId: string;
  name: string;
  reviewStatus: string | null;
  products: Product[];
}

/** An order, as whoever has its token may read it. */
export interface OrderDetails {
  total: number | null;
  currency: string | null;
  items: {
    productId: string;
    name: string;
    price: number | null;
    currency: string;
    quantity: number;
    imageUrl: string | null;
  }[];
}

/** What is to change of a product; pictures are JPEGs in base64. */
export type ProductChanges = Partial<
  Pick<Product, 'name' | 'description' | 'currency' | 'isHidden'> & {
    price: number;
    retailerId: string;
    url: string;
    originCountry: string;
    images: string[];
  }
>;

/** What is to change of the own profile. */
export type ProfileChanges = Partial<
  Record<'description' | 'address' | 'email', string> & { websites: string[]; hours: OpeningHours }
>;

type Meaning = [kind: ErrorKind, code: string, detail: string];
const notABusiness: Meaning = ['forbidden', 'business.not-a-business', 'The account is no business.'];
const noBusiness: Meaning = ['not-found', 'business.not-found', 'There is no such business.'];
const noProduct: Meaning = ['not-found', 'product.not-found', 'There is no such product.'];
const noOrder: Meaning = ['not-found', 'order.not-found', 'There is no such order.'];
const wrongToken: Meaning = ['forbidden', 'order.wrong-token', 'The token is not that of the order.'];
const refused: Meaning = ['invalid', 'product.refused', 'WhatsApp does not take the product.'];

/** What businesses show and sell. */
export class BusinessApi {
  constructor(
    private readonly socket: WASocket,
    private readonly media: MediaApi,
  ) {}

  /** The own one without a waId; null when it is no business. Baileys' own reading of it leaves most out. */
  async profile(waId: string | null): Promise<BusinessProfile | null> {
    const profile = { tag: 'profile', attrs: { jid: this.jidOf(waId) } };
    const question = { tag: 'business_profile', attrs: { v: '244' }, content: [profile] };
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:biz' };
    return readBusinessProfile(await askNode(this.socket, { tag: 'iq', attrs, content: [question] }));
  }

  async updateProfile({ hours, ...changes }: ProfileChanges): Promise<void> {
    const days = hours?.days.map(({ day, mode, opensAt, closesAt }) => ({
      day,
      mode: modeOnWire(mode),
      ...(mode === 'specific-hours' && {
        openTimeInMinutes: minutesOf(opensAt ?? '00:00'),
        closeTimeInMinutes: minutesOf(closesAt ?? '24:00'),
      }),
    }));
    const update = { ...changes, ...(hours && { hours: { timezone: hours.timeZone, days } }) };
    await meaning(this.socket.updateBussinesProfile(update as never), { 403: notABusiness });
  }

  async catalog(
    waId: string | null,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<{ products: Product[]; nextCursor: string | null }> {
    const page = this.socket.getCatalog({ jid: this.jidOf(waId), limit, cursor });
    const { products, nextPageCursor } = await meaning(page, { 404: noBusiness });
    return { products: products.map(readProduct), nextCursor: nextPageCursor || null };
  }

  async collections(waId: string | null, limit: number): Promise<Collection[]> {
    const { collections } = await meaning(this.socket.getCollections(this.jidOf(waId), limit), { 404: noBusiness });
    return collections.map(({ id, name, status, products }) => ({
      collectionId: id,
      name,
      reviewStatus: status.status || null,
      products: products.map(readProduct),
    }));
  }

  async createProduct(changes: ProductChanges): Promise<Product> {
    const { originCountry: originCountryCode } = changes;
    const product = { ...(await this.toUpdate(changes)), originCountryCode };
    const create = this.socket.productCreate(product);
    return readProduct(await meaning(create, { 403: notABusiness, 400: refused, 406: refused }));
  }

  async updateProduct(productId: string, changes: ProductChanges): Promise<Product> {
    const update = this.socket.productUpdate(productId, await this.toUpdate(changes));
    return readProduct(await meaning(update, { 403: notABusiness, 404: noProduct, 400: refused, 406: refused }));
  }

  /** How many of them there were. */
  async deleteProducts(productIds: string[]): Promise<number> {
    const { deleted } = await meaning(this.socket.productDelete(productIds), { 403: notABusiness, 404: noProduct });
    return deleted;
  }

  async order(orderId: string, token: string): Promise<OrderDetails> {
    const order = this.socket.getOrderDetails(orderId, token);
    const { price, products } = await meaning(order, { 404: noOrder, 403: wrongToken, 401: wrongToken });
    return {
      total: moneyOf(price.total) ?? null,
      currency: price.currency || null,
      items: products.map(({ id, imageUrl, price: each, ...item }) => ({
        productId: id,
        name: item.name,
        price: moneyOf(each) ?? null,
        currency: item.currency,
        quantity: item.quantity,
        imageUrl: imageUrl || null,
      })),
    };
  }

  private async toUpdate({ images, price, originCountry: _, ...changes }: ProductChanges): Promise<ProductUpdate> {
    const urls: { url: string }[] = [];
    for (const image of images ?? [])
      urls.push({ url: await this.media.uploadProductImage(Buffer.from(image, 'base64')) });
    // What is absent stays as it is.
    return { ...changes, ...(price !== undefined && { price: thousandths(price) }), images: urls } as ProductUpdate;
  }

  private jidOf(waId: string | null): string {
    return toJid(waId ?? ownIds(this.socket)[0] ?? '');
  }
}

function readProduct(product: WaProduct): Product {
  const { id, name, description, price, currency, retailerId, url, imageUrls, isHidden, reviewStatus } = product;
  return {
    productId: id,
    name: name ?? '',
    description: description ?? '',
    price: moneyOf(price) ?? null,
    currency: currency ?? '',
    retailerId: retailerId || null,
    url: url || null,
    imageUrl: imageUrls.original || imageUrls.requested || null,
    isHidden: isHidden === true,
    reviewStatus: reviewStatus.whatsapp || null,
  };
}

/** Refusals whose meaning is known here; others are what they always are. */
async function meaning<T>(question: Promise<T>, meanings: Record<number, Meaning>): Promise<T> {
  const known = question.catch((error: unknown) => {
    const found = meanings[refusalOf(error) ?? 0];
    if (!found) throw error;
    const [kind, code, detail] = found;
    throw new AppError(kind, code, detail, { cause: error });
  });
  return ask<T>(known);
}
