import asyncHooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/*
 * On Node 20 every AsyncLocalStorage instance adds a promise hook for the rest of the process, and Baileys makes one per
 * socket and connect: after some hundred reconnects one `await` costs a thousand times more. Here all instances share
 * one real storage that holds a map from instance to store. Node 24 propagates contexts without hooks and needs no help.
 * Must run before anything else imports AsyncLocalStorage: it is the first import of main.ts.
 */
const Real = asyncHooks.AsyncLocalStorage;
const shared = new Real<ReadonlyMap<object, unknown>>();

class SharedAsyncLocalStorage<T> {
  // A fresh key after disable() makes every store that was set before unreachable.
  private key = {};

  static bind<F extends (...args: never[]) => unknown>(callback: F): F {
    return Real.bind(callback);
  }

  static snapshot(): ReturnType<typeof Real.snapshot> {
    return Real.snapshot();
  }

  getStore(): T | undefined {
    return shared.getStore()?.get(this.key) as T | undefined;
  }

  run<R>(store: T, callback: (...args: unknown[]) => R, ...args: unknown[]): R {
    return shared.run(this.with(store), callback, ...args);
  }

  exit<R>(callback: (...args: unknown[]) => R, ...args: unknown[]): R {
    const stores = new Map(shared.getStore());
    stores.delete(this.key);
    return shared.run(stores, callback, ...args);
  }

  enterWith(store: T): void {
    shared.enterWith(this.with(store));
  }

  disable(): void {
    this.key = {};
  }

  private with(store: T): ReadonlyMap<object, unknown> {
    return new Map(shared.getStore()).set(this.key, store);
  }
}

/** Whether the process runs with the shim. */
export const isShimmed = Number(process.versions.node.split('.')[0]) < 24;

if (isShimmed) {
  Object.assign(asyncHooks, { AsyncLocalStorage: SharedAsyncLocalStorage });
  syncBuiltinESMExports();
}
