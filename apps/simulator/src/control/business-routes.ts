import type { FastifyInstance } from 'fastify';
import type { BusinessProfile, Order, OrderItem } from '../business/business.js';
import type { Collection, Product } from '../business/catalog.js';
import type { Businesses } from '../business/businesses.js';
import type { Links, MessageLink } from '../links/links.js';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import { flag, line, strictObject, text } from './schemas.js';
import type { Stage } from './stage.js';

type Pn = { Params: { pn: string } };

interface BusinessOrder {
  verifiedName?: string;
  profile?: BusinessProfile;
  catalog?: (Pick<Product, 'id' | 'name' | 'price' | 'currency'> & Partial<Product>)[];
  collections?: Collection[];
  messageLinks?: MessageLink[];
  orders?: (Omit<Order, 'items'> & { items: (Omit<OrderItem, 'quantity'> & { quantity?: number })[] })[];
}

const tags = ['business'];
const minutes = { type: 'string', pattern: '^[0-9]{1,4}$' };
const amount = { type: 'integer', minimum: 0 };
const list = (items: object) => ({ type: 'array', maxItems: 500, items });
const day = strictObject({ day: line, mode: line, opensAt: minutes, closesAt: minutes }, ['day', 'mode']);
const profile = strictObject({
  address: text,
  description: text,
  email: text,
  websites: list(line),
  category: text,
  hours: strictObject({ timezone: line, days: list(day) }, ['timezone', 'days']),
});
const thing = { id: line, name: line, price: amount, currency: line };
const required = Object.keys(thing);
const more = { description: text, retailerId: text, url: text, imageUrls: list(line), isHidden: flag };
const item = strictObject({ ...thing, quantity: { type: 'integer', minimum: 1 }, imageUrl: line }, required);
const businessSchema = strictObject({
  verifiedName: line,
  profile,
  catalog: list(strictObject({ ...thing, ...more }, required)),
  collections: list(strictObject({ id: line, name: line, productIds: list(line) }, ['id', 'name', 'productIds'])),
  messageLinks: list(strictObject({ code: line, message: text }, ['code'])),
  orders: list(strictObject({ id: line, token: line, items: list(item) }, ['id', 'token', 'items'])),
});

/** The business side of accounts. */
export function businessRoutes(app: FastifyInstance, stage: Stage): void {
  const changed = {
    schema: { summary: 'Make an account a business, or change what is given', tags, body: businessSchema },
  };
  app.patch<Pn & { Body: BusinessOrder }>('/accounts/:pn/business', changed, ({ params, body }) => {
    const account = stage.account(params.pn);
    arrange(stage.current, account, body);
    return describe(stage.current, account);
  });
  const get = { schema: { summary: 'What a business says and sells', tags } };
  app.get<Pn>('/accounts/:pn/business', get, ({ params }) => {
    const account = stage.account(params.pn);
    if (!stage.current.businesses.find(account))
      throw new Problem(404, 'business.unknown', `${account.pn} is not a business.`);
    return describe(stage.current, account);
  });
}

interface Offered {
  businesses: Businesses;
  links: Links;
}

function arrange({ businesses, links }: Offered, account: Account, order: BusinessOrder): void {
  const business = businesses.found(account);
  const blank = { description: '', retailerId: '', url: '', imageUrls: [], isHidden: false };
  if (order.verifiedName !== undefined) account.verifiedName = order.verifiedName;
  if (order.profile) business.update(order.profile);
  if (order.catalog) business.catalog.fill(order.catalog.map((product) => ({ ...blank, ...product })));
  if (order.collections) business.catalog.collections = order.collections;
  if (order.messageLinks) links.setMessages(account, order.messageLinks);
  if (order.orders) {
    const complete = (item: Omit<OrderItem, 'quantity'> & { quantity?: number }) => ({ quantity: 1, ...item });
    business.setOrders(order.orders.map(({ items, ...rest }) => ({ ...rest, items: items.map(complete) })));
  }
}

function describe({ businesses, links }: Offered, account: Account) {
  const business = businesses.get(account);
  const { profile: said, cover, catalog } = business;
  return {
    verifiedName: account.verifiedName ?? null,
    profile: said,
    cover: cover ?? null,
    catalog: catalog.shownTo(true),
    collections: catalog.collections,
    messageLinks: links.messagesOf(account),
    orders: business.listOrders(),
  };
}
