import { orderStatuses } from '@app/platform/events/content-shapes.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { Decimal, Integer, OneOf, Text, UrlField, WaId } from '@app/platform/http/fields.js';
import { given } from './given.js';
import { SendMessageDto } from './send-message.dto.js';

const MAX_PRICE = 1_000_000_000;
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

export class SendOrderDto extends SendMessageDto {
  @OneOf(['order']) type: 'order';
  @Text({ max: 100, example: '100200300' }) orderId: string;
  @Text({ optional: true, max: 200 }) title?: string;
  @Integer({ optional: true, min: 1, max: 10_000 }) itemCount?: number;
  @OneOf(orderStatuses, { optional: true, default: 'inquiry' }) status?: (typeof orderStatuses)[number];
  @Text({ optional: true, max: 1024 }) message?: string;
  @WaId({ optional: true, description: 'The business; the account itself unless told.' }) sellerId?: string;
  @Text({ optional: true, max: 1000, description: 'Opens the order.' }) token?: string;
  @Decimal({ optional: true, min: 0, max: MAX_PRICE }) total?: number;
  @Text({ optional: true, ...CURRENCY }) currency?: string;

  content(): MessageContent {
    const { orderId, title, itemCount, status, message, sellerId, token, total, currency } = this;
    const order = { orderId, title, itemCount, status: status ?? 'inquiry', message, sellerId, token, total, currency };
    return given({ type: 'order', ...order });
  }
}
