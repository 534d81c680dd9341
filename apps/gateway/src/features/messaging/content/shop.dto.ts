import { type OrderItem, orderStatuses } from '@app/platform/events/content-shapes.js';
import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { sum } from '@app/platform/events/order-words.js';
import { Decimal, Integer, OneOf, Text, UrlField, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import type { SendOptions } from '../message-options.js';
import { given } from './given.js';
import { SendMessageDto } from './send-message.dto.js';

const MAX_PRICE = 1_000_000_000;
const MAX_TOTAL = 1_000_000_000_000;
const MAX_ITEMS = 100;
const CURRENCY = { pattern: /^[A-Z]{3}$/, allowed: 'an ISO 4217 code such as EUR,', min: 3, max: 3, example: 'EUR' };

export class SendProductDto extends SendMessageDto {
  @OneOf(['product']) type: 'product';
  @Text({ max: 100, description: 'Of the item in the catalogue.', example: '4711' }) productId: string;
  @Text({ max: 150, example: 'Rye bread' }) title: string;
  @Text({ optional: true, max: 5000 }) description?: string;
  @Text({ optional: true, ...CURRENCY }) currency?: string;
  @Decimal({ optional: true, min: 0, max: MAX_PRICE, example: 4.2 }) price?: number;
  @Decimal({ optional: true, min: 0, max: MAX_PRICE }) salePrice?: number;
  @UrlField({ optional: true }) url?: string;
  @Text({ optional: true, max: 100, description: 'Your own number of the item.' }) retailerId?: string;
  @WaId({ optional: true, description: 'The business; the account itself unless told.' }) businessId?: string;
  @Text({ optional: true, max: 1024 }) body?: string;
  @Text({ optional: true, max: 60 }) footer?: string;

  content(): MessageContent {
    const { productId, title, description, currency, price, salePrice, url, retailerId, ...rest } = this;
    const item = { productId, title, description, currency, price, salePrice, url, retailerId };
    return given({ type: 'product', ...item, businessId: rest.businessId, body: rest.body, footer: rest.footer });
  }
}

export class OrderItemDto {
  @Text({ max: 200, example: 'Rye bread' }) name: string;
  @Integer({ min: 1, max: 10_000 }) quantity: number;
  @Decimal({ min: 0, max: MAX_PRICE, description: 'Of one.', example: 4.2 }) price: number;
  @Text({ optional: true, ...CURRENCY }) currency?: string;
  @UrlField({ optional: true, description: 'A picture; the first that can be had is shown with the order.' })
  imageUrl?: string;

  static toContent(this: void, { name, quantity, price, currency, imageUrl }: OrderItemDto): OrderItem {
    return given({ name, quantity, price, currency, imageUrl });
  }
}

export class SendOrderDto extends SendMessageDto {
  @OneOf(['order']) type: 'order';
  @Text({ optional: true, max: 100, description: 'Made up when it is left out.', example: '100200300' })
  orderId?: string;
  @Text({ optional: true, max: 200 }) title?: string;
  @List({ of: () => OrderItemDto, min: 1, max: MAX_ITEMS, optional: true, description: 'What is ordered.' })
  items?: OrderItemDto[];
  @Text({ optional: true, max: 1024, description: 'Whatever else is to be known of the order.' }) notes?: string;
  @Integer({ optional: true, min: 1, max: 1_000_000, description: 'Counted from the items when it is left out.' })
  itemCount?: number;
  @OneOf(orderStatuses, { optional: true, default: 'inquiry' }) status?: (typeof orderStatuses)[number];
  @Text({ optional: true, max: 1024 }) message?: string;
  @WaId({ optional: true, description: 'The business; the account itself unless told.' }) sellerId?: string;
  @Text({ optional: true, max: 1000, description: 'Opens the order.' }) token?: string;
  @Decimal({ optional: true, min: 0, max: MAX_TOTAL, description: 'Added up from the items when it is left out.' })
  total?: number;
  @Text({ optional: true, ...CURRENCY }) currency?: string;

  content(): MessageContent {
    const { orderId = '', title, status, message, sellerId, token, notes } = this;
    const items = this.items?.map(OrderItemDto.toContent);
    const bill = { itemCount: this.itemCount, total: this.total, currency: this.currency };
    const order = { orderId, title, status: status ?? 'inquiry', message, sellerId, token, items, notes };
    return given({ type: 'order', ...order, ...(items ? billOf(items, bill) : bill) });
  }

  override how(): SendOptions {
    const previewImages = this.items?.flatMap(({ imageUrl }) => imageUrl ?? []);
    return { ...super.how(), ...(previewImages?.length && { previewImages }) };
  }
}

interface Bill {
  itemCount: number | undefined;
  total: number | undefined;
  currency: string | undefined;
}

/** What the items come to. What the caller says of it must agree. */
function billOf(items: OrderItem[], said: Bill): Bill {
  const currency = said.currency ?? items.find((item) => item.currency)?.currency;
  const other = items.findIndex((item) => item.currency && item.currency !== currency);
  if (other >= 0)
    throw invalid('message.currencies-mixed', `/items/${other}/currency`, `The order is in ${currency ?? 'another'}.`);
  const itemCount = items.reduce((count, { quantity }) => count + quantity, 0);
  const total = sum(items);
  if (total > MAX_TOTAL) throw invalid('message.order-too-large', '/items', `An order comes to ${MAX_TOTAL} at most.`);
  if (said.itemCount !== undefined && said.itemCount !== itemCount)
    throw invalid('message.order-contradicts', '/itemCount', `The items are ${itemCount}.`);
  if (said.total !== undefined && Math.round(said.total * 1000) !== Math.round(total * 1000))
    throw invalid('message.order-contradicts', '/total', `The items come to ${total}.`);
  return { itemCount, total, currency };
}
