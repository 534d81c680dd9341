import { stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Seed } from '../world/seed.js';

/** Adds a freshly linked companion to its account and tells everybody who keeps the account's device list. */
export function link(companion: Companion, seed: Seed): void {
  companion.account.devices.set(companion.id, companion);
  announce('add', companion, seed);
}

/** Removes a companion from its account, ends its connection and tells everybody who keeps the device list. */
export function unlink(companion: Companion, seed: Seed): void {
  const { account, id, connection } = companion;
  account.devices.delete(id);
  // After the answer to the request that led here.
  if (connection) setImmediate(() => connection.close());
  announce('remove', companion, seed);
}

function announce(change: 'add' | 'remove', { account, id, keyIndex }: Companion, seed: Seed): void {
  const t = Math.floor(Date.now() / 1000);
  for (const [listener, family] of listeners(account)) {
    if (!(listener instanceof Companion) || (listener.account === account && listener.id === id)) continue;
    const device = stanza('device', { jid: account.jid(family, id), 'key-index': keyIndex });
    const body = stanza(change, { device_hash: `2:${account.devices.size}` }, [device]);
    const attrs = { from: account.jid(family), type: 'devices', id: seed.messageId(), t };
    listener.push(stanza('notification', attrs, [body]));
  }
}

function listeners(account: Account): Map<Device, 'pn' | 'lid'> {
  const own = [...account.devices.values()].map((device) => [device, 'pn'] as const);
  return new Map([...account.followers, ...own]);
}
