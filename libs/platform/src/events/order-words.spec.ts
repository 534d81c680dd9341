import { orderWords, sum } from './order-words.js';

describe('an order in words', () => {
  it('has the message, a line for each item, and the notes', () => {
    const items = [
      { name: 'Rye', quantity: 3, price: 1.1, currency: 'EUR' },
      { name: 'Fuel', quantity: 1, price: 1.239 },
    ];
    const order = { type: 'order', orderId: '1', message: 'Please', items, notes: 'Soon', currency: 'EUR' } as const;
    expect(orderWords(order)).toBe('Please\n\n3 × Rye: 3.30 EUR\n1 × Fuel: 1.239 EUR\n\nSoon');
    expect(orderWords({ type: 'order', orderId: '1' })).toBeNull();
  });

  it('adds up what fractions would not', () => {
    expect(sum([{ name: 'a', quantity: 3, price: 0.1 }])).toBe(0.3);
    expect(sum(Array.from({ length: 3 }, () => ({ name: 'a', quantity: 1, price: 1.005 })))).toBe(3.015);
  });
});
