import { pino } from 'pino';
import { Clock } from '../world/clock.js';
import type { Core } from '../world/core.js';
import { sendMany } from './send-many.js';

const ids = (count: number) => Array.from({ length: count }, (_, n) => `id-${n + 1}`);

describe('an order of many messages', () => {
  const complaints: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void complaints.push(line) });
  const coreWith = (clock: Clock) => ({ clock, logger }) as Core;
  beforeEach(() => {
    complaints.length = 0;
  });

  it('at a rate keeps to it when the time is moved, without looking in vain', () => {
    const clock = new Clock(0);
    const sent: number[] = [];
    sendMany(coreWith(clock), ids(5), 0.001, async (_id, n) => void sent.push(n));
    expect([sent, clock.pending]).toEqual([[1], 1]);
    clock.advance(2_000_000);
    expect(sent).toEqual([1, 2, 3]);
    expect(clock.advance(365 * 24 * 3600 * 1000)).toBe(0);
    expect([sent, clock.pending]).toEqual([[1, 2, 3, 4, 5], 0]);
  });

  it.each([undefined, 100])('ends with its network (rate %s)', async (rate) => {
    const clock = new Clock(0);
    const sent: number[] = [];
    sendMany(coreWith(clock), ids(5), rate, async (_id, n) => void sent.push(n));
    clock.stop();
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([1]);
  });

  it('goes on after a message that could not be sent, and tells of it', async () => {
    const clock = new Clock(0);
    const sent: number[] = [];
    sendMany(coreWith(clock), ids(3), undefined, async (_id, n) => {
      if (n === 2) throw new Error('refused with 463');
      sent.push(n);
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([1, 3]);
    expect(complaints.join()).toContain('refused with 463');
    expect(complaints.join()).toContain('id-2');
  });
});
