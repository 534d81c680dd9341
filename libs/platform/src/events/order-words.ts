import type { OrderContent, OrderItem } from './content-shapes.js';

/** What recipients read of an order: the message, a line for each item, the notes; null when there is nothing of it. */
export function orderWords({ message, items = [], notes, currency }: OrderContent): string | null {
  const lines = items.map((item) => lineOf(item, item.currency ?? currency)).join('\n');
  return [message, lines, notes].filter(Boolean).join('\n\n') || null;
}

const lineOf = ({ name, quantity, price }: OrderItem, currency?: string): string =>
  [`${quantity} × ${name}:`, amount(sum([{ name, quantity, price }])), currency].filter(Boolean).join(' ');

/** Two decimals at least, as prices are written; three where there are. */
const amount = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(3).replace(/0$/, '');

/** What items cost together. Counted in thousandths, as WhatsApp does: fractions add up wrongly. */
export const sum = (items: Pick<OrderItem, 'name' | 'quantity' | 'price'>[]): number =>
  items.reduce((total, { quantity, price }) => total + Math.round(price * 1000) * quantity, 0) / 1000;
