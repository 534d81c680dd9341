import type { WASocket } from '@whiskeysockets/baileys';
import type { SignalStore } from '../auth/signal-store.js';

/**
 * Baileys stores privacy tokens from work that outlives the transaction of the send it belongs to: the write goes into
 * a transaction that is over and is lost, and the token is issued again with every message. Tokens need no transaction,
 * so they go to the store directly.
 */
export function keepTokens({ authState: { keys } }: WASocket, store: SignalStore): void {
  const [get, set] = [keys.get.bind(keys), keys.set.bind(keys)];
  keys.get = (type, ids) => (type === 'tctoken' ? store.get(type, ids) : get(type, ids));
  keys.set = async ({ tctoken, ...others }) => {
    if (tctoken) await store.set({ tctoken });
    if (Object.keys(others).length) await set(others);
  };
}
