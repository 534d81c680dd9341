import { stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { notice } from './notice.js';

/** Adds a freshly linked companion to its account and tells everybody who keeps the account's device list. */
export function link(companion: Companion, core: Core): void {
  companion.account.devices.set(companion.id, companion);
  announce('add', companion, core);
}

/** Removes a companion from its account, ends its connection and tells everybody who keeps the device list. */
export function unlink(companion: Companion, core: Core): void {
  const { account, id, connection } = companion;
  account.devices.delete(id);
  // After the answer to the request that led here.
  if (connection) setImmediate(() => connection.close());
  announce('remove', companion, core);
}

function announce(change: 'add' | 'remove', { account, id, keyIndex }: Companion, core: Core): void {
  for (const [listener, family] of listeners(account)) {
    if (!(listener instanceof Companion) || (listener.account === account && listener.id === id)) continue;
    const device = stanza('device', { jid: account.jid(family, id), 'key-index': keyIndex });
    const body = stanza(change, { device_hash: `2:${account.devices.size}` }, [device]);
    listener.push(notice(core, { from: account.jid(family), type: 'devices' }, [body]));
  }
}

function listeners(account: Account): Map<Device, 'pn' | 'lid'> {
  const own = [...account.devices.values()].map((device) => [device, 'pn'] as const);
  return new Map([...account.followers, ...own]);
}
