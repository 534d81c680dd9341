import type { proto } from '@whiskeysockets/baileys';
import {
  type InteractiveButton,
  type Money,
  type PixButton,
  type PixKey,
  pixKeyTypes,
  type ReviewAndPayButton,
} from '@app/platform/events/interactive-content.js';
import { asList, asNumber, asParams, asText, type Params, parseParams, present } from './params.js';

type NativeButton = proto.Message.InteractiveMessage.NativeFlowMessage.INativeFlowButton;

/** A button in the spelling of WhatsApp's native flows. */
export function writeNativeButton(button: InteractiveButton): NativeButton {
  const [name, params] = paramsOf(button);
  return { name, buttonParamsJson: JSON.stringify({ display_text: button.label, ...params }) };
}

function paramsOf(button: InteractiveButton): [name: string, params: Params] {
  const id = button.id === undefined ? {} : { id: button.id };
  switch (button.type) {
    case 'reply':
      return ['quick_reply', id];
    case 'url':
      return ['cta_url', { url: button.url, merchant_url: button.url, ...id }];
    case 'call':
      return ['cta_call', { phone_number: `+${button.phone}`, ...id }];
    case 'copy':
      return ['cta_copy', { copy_code: button.code, ...id }];
    case 'pix':
      return ['payment_info', { ...id, ...pixParams(button) }];
    case 'review-and-pay':
      return ['review_and_pay', { ...id, ...orderParams(button) }];
    default:
      return button satisfies never;
  }
}

const settings = ({ key, keyType, merchantName }: PixKey): Params => ({
  payment_settings: [
    { type: 'pix_static_code', pix_static_code: { merchant_name: merchantName, key, key_type: keyType } },
  ],
});

const NOTHING: Money = { value: 0, offset: 100 };

/** A PIX key is shown by an order over nothing: WhatsApp has no other message for it. */
const pixParams = (button: PixButton): Params => ({
  currency: 'BRL',
  total_amount: NOTHING,
  reference_id: button.id ?? 'PIX',
  type: 'physical-goods',
  order: {
    status: 'pending',
    subtotal: NOTHING,
    order_type: 'ORDER',
    items: [{ name: '', amount: NOTHING, quantity: 0, sale_amount: NOTHING }],
  },
  ...settings(button),
});

const orderParams = ({ currency, referenceId, total, items, pix }: ReviewAndPayButton): Params => ({
  currency,
  total_amount: total,
  reference_id: referenceId,
  type: 'physical-goods',
  order: {
    status: 'pending',
    subtotal: total,
    order_type: 'ORDER',
    items: items.map(({ id, name, quantity, amount }, index) => ({
      retailer_id: id ?? `item-${index + 1}`,
      name,
      amount,
      quantity,
    })),
  },
  ...(pix && settings(pix)),
});

/** Reads a button; null when it is none of those with fields of their own. */
export function readNativeButton({ name, buttonParamsJson }: NativeButton): InteractiveButton | null {
  const params = parseParams(buttonParamsJson);
  const label = asText(params.display_text);
  const id = present({ id: asText(params.id) });
  switch (name ?? '') {
    case 'quick_reply':
      return { type: 'reply', id: asText(params.id), label };
    case 'cta_url':
      return { type: 'url', ...id, label, url: asText(params.url) || asText(params.merchant_url) };
    case 'cta_call':
      return { type: 'call', ...id, label, phone: asText(params.phone_number).replace(/\D/g, '') };
    case 'cta_copy':
      return { type: 'copy', ...id, label, code: asText(params.copy_code) };
    case 'payment_info': {
      const pix = readPix(params);
      return pix && { type: 'pix', ...id, label, ...pix };
    }
    case 'review_and_pay':
      return { type: 'review-and-pay', ...id, label, ...readOrder(params) };
    default:
      return null;
  }
}

function readPix(params: Params): PixKey | null {
  const found = asList(params.payment_settings).find(({ type }) => type === 'pix_static_code');
  if (!found) return null;
  const { key, key_type, merchant_name } = asParams(found.pix_static_code);
  const keyType = pixKeyTypes.find((type) => type === key_type);
  return keyType ? { key: asText(key), keyType, merchantName: asText(merchant_name) } : null;
}

function readOrder(params: Params): Omit<ReviewAndPayButton, 'type' | 'id' | 'label'> {
  const pix = readPix(params);
  return {
    currency: asText(params.currency),
    referenceId: asText(params.reference_id),
    total: readMoney(params.total_amount),
    items: asList(asParams(params.order).items).map(({ retailer_id, name, quantity, amount }) => ({
      ...present({ id: asText(retailer_id) }),
      name: asText(name),
      quantity: asNumber(quantity),
      amount: readMoney(amount),
    })),
    ...(pix && { pix }),
  };
}

function readMoney(value: unknown): Money {
  const money = asParams(value);
  return { value: asNumber(money.value), offset: asNumber(money.offset) || 1 };
}
