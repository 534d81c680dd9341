import './async-local-storage-shim.js';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

describe('AsyncLocalStorage with the shim', () => {
  it('keeps the stores of several instances apart, over awaits', async () => {
    const [first, second] = [new AsyncLocalStorage<string>(), new AsyncLocalStorage<number>()];
    await first.run('a', () =>
      second.run(1, async () => {
        await turn();
        expect([first.getStore(), second.getStore()]).toEqual(['a', 1]);
        first.run('b', () => expect([first.getStore(), second.getStore()]).toEqual(['b', 1]));
        expect(first.exit(() => [first.getStore(), second.getStore()])).toEqual([undefined, 1]);
        expect(first.getStore()).toBe('a');
      }),
    );
    expect([first.getStore(), second.getStore()]).toEqual([undefined, undefined]);
  });

  it('enters, forgets, and carries a context elsewhere', async () => {
    const storage = new AsyncLocalStorage<string>();
    const snapshot = storage.run('held', () => AsyncLocalStorage.snapshot());
    expect(snapshot(() => storage.getStore())).toBe('held');
    const bound = storage.run('bound', () => AsyncLocalStorage.bind(() => storage.getStore()));
    expect(bound()).toBe('bound');
    await (async () => {
      storage.enterWith('entered');
      await turn();
      expect(storage.getStore()).toBe('entered');
      storage.disable();
      expect(storage.getStore()).toBeUndefined();
    })();
  });

  it('passes arguments and errors through', () => {
    const storage = new AsyncLocalStorage<string>();
    expect(storage.run('x', (...args: unknown[]) => [storage.getStore(), ...args], 1, 2)).toEqual(['x', 1, 2]);
    expect(() =>
      storage.run('x', () => {
        throw new Error('out');
      }),
    ).toThrow('out');
    expect(storage.getStore()).toBeUndefined();
  });
});
