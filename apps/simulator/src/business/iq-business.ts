import type { IqRouter } from '../routes/iq-router.js';
import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import { IqError } from '../world/refusal.js';
import type { Businesses } from './businesses.js';
import type { Business, Order } from './business.js';
import { productIdOf, productStanza, readProduct } from './product-stanza.js';
import { profileStanza, readProfile } from './profile-stanza.js';

const MAX_PAGE = 100;
const leaf = (tag: string, text: string | number): Stanza => stanza(tag, {}, Buffer.from(String(text)));

/** Business profiles, catalogs and orders. */
export function routeBusiness(router: IqRouter, businesses: Businesses, directory: Directory): void {
  const isOwner = (account: Account, jid: string | undefined): boolean => directory.findByJid(jid) === account;
  router.on('get w:biz business_profile', (_from, body) => {
    const found = children(body, 'profile').map(({ attrs: { jid = '' } }) => {
      const account = directory.findByJid(jid);
      const business = account && businesses.find(account);
      return business && profileStanza(jid, business);
    });
    // Somebody who has no business is not an error: the answer is just empty.
    const profiles = found.filter((profile) => profile !== undefined);
    return [stanza('business_profile', { v: body.attrs.v }, profiles)];
  });
  router.on('set w:biz business_profile', ({ account }, body) => change(businesses.get(account), body));
  router.on('get w:biz:catalog product_catalog', ({ account }, body) => {
    const { jid } = body.attrs;
    const after = child(body, 'after');
    const limit = numberIn(body, 'limit');
    const { catalog } = businesses.at(jid);
    const { products, next } = catalog.page(isOwner(account, jid), limit, after && contentText(after));
    const paging = next === undefined ? [] : [stanza('paging', {}, [leaf('after', next)])];
    return [stanza('product_catalog', {}, [...products.map(productStanza), ...paging])];
  });
  router.on('get w:biz:catalog collections', ({ account }, body) => {
    const { biz_jid: jid } = body.attrs;
    const { catalog } = businesses.at(jid);
    const shown = catalog.shownTo(isOwner(account, jid));
    const limit = numberIn(body, 'item_limit');
    const collections = catalog.collections
      .slice(0, numberIn(body, 'collection_limit'))
      .map(({ id, name, productIds }) => {
        const products = shown.filter((product) => productIds.includes(product.id)).slice(0, limit);
        const status = stanza('status_info', {}, [leaf('status', 'APPROVED'), leaf('can_appeal', 'false')]);
        return stanza('collection', {}, [leaf('id', id), leaf('name', name), status, ...products.map(productStanza)]);
      });
    return [stanza('collections', {}, collections)];
  });
  routeProducts(router, businesses);
  router.on('get fb:thrift_iq order', (_from, body) => {
    const order = businesses.findOrder(body.attrs.id ?? '');
    if (!order) throw new IqError(404, 'item-not-found');
    if (contentText(child(body, 'token')) !== order.token) throw new IqError(403, 'forbidden');
    return [orderStanza(order)];
  });
}

function routeProducts(router: IqRouter, businesses: Businesses): void {
  router.on('set w:biz:catalog product_catalog_add', ({ account }, body) => {
    const { catalog } = businesses.get(account);
    const blank = { name: '', description: '', price: 0, currency: '', retailerId: '', url: '', imageUrls: [] };
    const given = readProduct(child(body, 'product') ?? stanza('product'));
    if (!given.name) throw new IqError(400, 'bad-request');
    const product = catalog.add({ ...blank, isHidden: false, ...given, id: businesses.productId() });
    return [stanza('product_catalog_add', {}, [productStanza(product)])];
  });
  router.on('set w:biz:catalog product_catalog_edit', ({ account }, body) => {
    const node = child(body, 'product') ?? stanza('product');
    const product = businesses.get(account).catalog.edit(productIdOf(node), readProduct(node));
    return [stanza('product_catalog_edit', {}, [productStanza(product)])];
  });
  router.on('set w:biz:catalog product_catalog_delete', ({ account }, body) => {
    const count = businesses.get(account).catalog.remove(children(body, 'product').map(productIdOf));
    return [stanza('product_catalog_delete', { deleted_count: count })];
  });
}

function change(business: Business, body: Stanza): void {
  const { id = '', op, token = '' } = child(body, 'cover_photo')?.attrs ?? {};
  if (op === 'update') business.cover = { id, token };
  else if (op === 'delete') business.removeCover(id);
  else business.update(readProfile(body));
}

function orderStanza({ id, items }: Order): Stanza {
  const products = items.map(({ imageUrl, ...item }) => {
    const image = stanza('image', {}, imageUrl === undefined ? [] : [leaf('url', imageUrl)]);
    return stanza('product', {}, [...Object.entries(item).map(([tag, value]) => leaf(tag, value)), image]);
  });
  const total = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const price = stanza('price', {}, [leaf('total', total), leaf('currency', items[0]?.currency ?? '')]);
  return stanza('order', { id }, [...products, price]);
}

function numberIn(body: Stanza, tag: string): number {
  const wanted = Math.trunc(Number(contentText(child(body, tag))));
  return Math.min(wanted > 0 ? wanted : MAX_PAGE, MAX_PAGE);
}
