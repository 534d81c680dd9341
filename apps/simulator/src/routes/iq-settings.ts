import { SERVICE } from '../wire/jid.js';
import { child, children, contentBytes, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import { notice } from '../network/notice.js';
import type { Core } from '../world/core.js';
import type { IqRouter } from './iq-router.js';

/** Reading and writing the encrypted settings log; the other companions are told about each write. */
export function routeSettings(router: IqRouter, core: Core): void {
  router.on('set w:sync:app:state sync', (from, body) => {
    // Every requested collection must be answered, otherwise the client asks again without end.
    const answers = children(body, 'collection').map((collection) =>
      child(collection, 'patch') ? write(from, collection, core) : read(from, collection),
    );
    return [stanza('sync', {}, answers)];
  });
}

function read({ account }: Companion, { attrs }: Stanza): Stanza {
  const { name = '', version = '0' } = attrs;
  const patches = account.settings.since(name, Number(version)).map((bytes) => stanza('patch', {}, bytes));
  const current = account.settings.version(name);
  return stanza('collection', { name, version: current }, patches.length > 0 ? [stanza('patches', {}, patches)] : []);
}

function write(from: Companion, collection: Stanza, core: Core): Stanza {
  const { name = '', version = '0' } = collection.attrs;
  const { settings, devices } = from.account;
  if (Number(version) !== settings.version(name)) {
    const conflict = stanza('error', { code: 409, text: 'conflict' });
    return stanza('collection', { name, version: settings.version(name), type: 'error' }, [conflict]);
  }
  settings.append(name, contentBytes(child(collection, 'patch')));
  const current = stanza('collection', { name, version: settings.version(name) });
  for (const device of devices.values())
    if (device !== from) device.push(notice(core, { from: SERVICE, type: 'server_sync' }, [current]));
  return current;
}
