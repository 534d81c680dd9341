import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Product } from './catalog.js';

const leaf = (tag: string, text: string | number): Stanza => stanza(tag, {}, Buffer.from(String(text)));

/** `<product>` as a catalog shows it. */
export function productStanza(product: Product): Stanza {
  const { id, name, description, price, currency, retailerId, url, imageUrls, isHidden } = product;
  const images = imageUrls.map((image, n) => {
    const addresses = [leaf('request_image_url', image), leaf('original_image_url', image)];
    return stanza('image', {}, [leaf('id', `${id}${n}`), ...addresses]);
  });
  const texts = { id, name, description, retailer_id: retailerId, url, currency };
  const fields = Object.entries(texts).map(([tag, text]) => leaf(tag, text));
  const status = stanza('status_info', {}, [leaf('status', 'APPROVED'), leaf('can_appeal', 'false')]);
  const content = [...fields, leaf('price', price), stanza('media', {}, images), status];
  return stanza('product', { is_hidden: String(isHidden) }, content);
}

/** What a client says about a product; fields that are absent stay as they are. */
export function readProduct(node: Stanza): Partial<Product> {
  const text = (tag: string): string | undefined => {
    const found = child(node, tag);
    return found && contentText(found);
  };
  const media = child(node, 'media');
  const { is_hidden: hidden } = node.attrs;
  const price = text('price');
  const read: Partial<Record<keyof Product, unknown>> = {
    name: text('name'),
    description: text('description'),
    retailerId: text('retailer_id'),
    url: text('url'),
    price: price === undefined ? undefined : Number(price) || 0,
    currency: text('currency'),
    imageUrls: media && children(media, 'image').map((image) => contentText(child(image, 'url'))),
    isHidden: hidden === undefined ? undefined : hidden === 'true',
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** The id a product node names. */
export function productIdOf(node: Stanza): string {
  return contentText(child(node, 'id'));
}
