import { GroupCommit } from './group-commit.js';

describe('GroupCommit', () => {
  it('writes what waits at the same moment together, in order', async () => {
    const batches: number[][] = [];
    const writer = new GroupCommit<number, number>(async (items) => {
      batches.push(items);
      return items.map((item) => item * 2);
    });
    const first = Promise.all([writer.add(1), writer.add(2)]);
    const results = await first;
    await writer.add(3);
    expect(results).toEqual([2, 4]);
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('fails the bad item alone', async () => {
    const writer = new GroupCommit<number>(async (items) => {
      if (items.includes(13)) throw new Error('bad luck');
      return items.map(() => undefined);
    });
    const outcomes = await Promise.allSettled([writer.add(1), writer.add(13), writer.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails a batch as a whole when told not to isolate', async () => {
    const writer = new GroupCommit<number>(() => Promise.reject(new Error('down')), { isolate: false });
    const outcomes = await Promise.allSettled([writer.add(1), writer.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
