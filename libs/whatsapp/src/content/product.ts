import type { proto } from '@whiskeysockets/baileys';
import type { ProductContent } from '@app/platform/events/content-shapes.js';
import { toJid, toWaId } from '../map/jid.js';
import { moneyOf, stated, thousandths } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

export const product: ContentKind<'product'> = {
  type: 'product',
  fields: ['productMessage'],
  write: ({ businessId, body, footer, ...item }) => ({
    productMessage: {
      product: {
        productId: item.productId,
        title: item.title,
        description: item.description,
        currencyCode: item.currency,
        priceAmount1000: item.price === undefined ? undefined : thousandths(item.price),
        salePriceAmount1000: item.salePrice === undefined ? undefined : thousandths(item.salePrice),
        url: item.url,
        retailerId: item.retailerId,
      },
      businessOwnerJid: businessId && toJid(businessId),
      body,
      footer,
    },
  }),
  read: ({ productMessage: message }) => ({
    type: 'product',
    ...itemOf(message?.product ?? {}),
    ...stated({
      businessId: message?.businessOwnerJid ? toWaId(message.businessOwnerJid) : undefined,
      body: message?.body,
      footer: message?.footer,
    }),
  }),
};

const itemOf = (item: proto.Message.ProductMessage.IProductSnapshot): Omit<ProductContent, 'type'> => ({
  productId: item.productId ?? '',
  title: item.title ?? '',
  ...stated({
    description: item.description,
    currency: item.currencyCode,
    price: moneyOf(item.priceAmount1000),
    salePrice: moneyOf(item.salePriceAmount1000),
    url: item.url,
    retailerId: item.retailerId,
  }),
});
