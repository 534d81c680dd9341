import { proto } from '@whiskeysockets/baileys';
import { type OrderContent, orderStatuses } from '@app/platform/events/content-shapes.js';
import { orderWords } from '@app/platform/events/order-words.js';
import { toJid, toWaId } from '../map/jid.js';
import { moneyOf, stated, thousandths } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

const { OrderStatus, OrderSurface } = proto.Message.OrderMessage;
/** In the order of `orderStatuses`. */
const STATUSES = [OrderStatus.INQUIRY, OrderStatus.ACCEPTED, OrderStatus.DECLINED];

export const order: ContentKind<'order'> = {
  type: 'order',
  fields: ['orderMessage'],
  write: (content, { thumbnail }) => ({
    orderMessage: {
      ...fieldsOf(content),
      thumbnail,
      message: orderWords(content),
    },
  }),
  read: ({ orderMessage }) => {
    const body = orderMessage ?? {};
    return {
      type: 'order',
      orderId: body.orderId ?? '',
      ...stated({
        title: body.orderTitle,
        itemCount: body.itemCount || undefined,
        status: body.status ? orderStatuses[STATUSES.indexOf(body.status)] : undefined,
        message: body.message,
        sellerId: body.sellerJid && toWaId(body.sellerJid),
        token: body.token,
        total: moneyOf(body.totalAmount1000),
        currency: body.totalCurrencyCode,
      }),
    };
  },
};

const fieldsOf = ({ orderId, title, itemCount, status, sellerId, token, total, currency }: OrderContent) => ({
  orderId,
  orderTitle: title,
  itemCount,
  status: STATUSES[orderStatuses.indexOf(status ?? 'inquiry')],
  surface: OrderSurface.CATALOG,
  sellerJid: sellerId && toJid(sellerId),
  token,
  totalAmount1000: total === undefined ? undefined : thousandths(total),
  totalCurrencyCode: currency,
  messageVersion: 1,
});
