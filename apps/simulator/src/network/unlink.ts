import { stanza } from '../wire/stanza.js';
import { Companion } from '../world/companion.js';
import type { Seed } from '../world/seed.js';

/** Removes a companion from its account, ends its connection and tells the account's other companions. */
export function unlink(companion: Companion, seed: Seed): void {
  const { account, id, connection } = companion;
  account.devices.delete(id);
  // After the answer to the request that led here.
  if (connection) setImmediate(() => connection.close());
  const device = stanza('device', { jid: account.jid('pn', id), 'key-index': companion.keyIndex });
  const attrs = { from: account.jid('pn'), type: 'devices', t: Math.floor(Date.now() / 1000) };
  for (const other of account.devices.values()) {
    if (!(other instanceof Companion)) continue;
    const removal = stanza('remove', { device_hash: '2:sim' }, [device]);
    other.push(stanza('notification', { ...attrs, id: seed.messageId() }, [removal]));
  }
}
