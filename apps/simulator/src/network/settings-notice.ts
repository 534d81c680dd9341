import { SERVICE } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { CollectionName } from '../world/settings-log.js';
import { notice } from './notice.js';

/** Adds a patch to the settings of an account and tells every device but the one that wrote it. */
export function publishSettings(core: Core, author: Device, collection: CollectionName, patch: Uint8Array): void {
  const { account } = author;
  account.settings.append(collection, patch);
  const current = stanza('collection', { name: collection, version: account.settings.version(collection) });
  for (const device of othersThan(author, account))
    device.push(notice(core, { from: SERVICE, type: 'server_sync' }, [current]));
}

function othersThan(author: Device, { devices }: Account): Device[] {
  return [...devices.values()].filter((device) => device !== author);
}
