import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { notice } from './notice.js';

/** Adds a device to its account and tells everybody who keeps the account's device list. */
export function link(device: Device, core: Core): void {
  device.account.devices.set(device.id, device);
  announce('add', device, core);
}

/** Removes a device from its account, ends its connection and tells everybody who keeps the device list. */
export function unlink(device: Device, core: Core): void {
  device.account.devices.delete(device.id);
  if (device instanceof Companion) {
    const { connection } = device;
    // After the answer to the request that led here.
    if (connection) core.clock.soon(() => connection.close());
    device.forgotten();
  }
  announce('remove', device, core);
}

/** Tells everybody who has a session with a phone that its identity is another one now. */
export function announceIdentity(account: Account, core: Core): void {
  tell(account, core, 'encrypt', () => stanza('identity'));
}

function announce(change: 'add' | 'remove', { account, id, keyIndex }: Device, core: Core): void {
  const body = (family: Family): Stanza => {
    const device = stanza('device', { jid: account.jid(family, id), 'key-index': keyIndex });
    return stanza(change, { device_hash: `2:${account.devices.size}` }, [device]);
  };
  tell(account, core, 'devices', body, id);
}

function tell(account: Account, core: Core, type: string, body: (family: Family) => Stanza, except?: number): void {
  for (const [listener, family] of listeners(account)) {
    if (!(listener instanceof Companion) || (listener.account === account && listener.id === except)) continue;
    listener.push(notice(core, { from: account.jid(family), type }, [body(family)]));
  }
}

function listeners(account: Account): Map<Device, Family> {
  const own = [...account.devices.values()].map((device) => [device, 'pn'] as const);
  return new Map([...account.followers, ...own]);
}
