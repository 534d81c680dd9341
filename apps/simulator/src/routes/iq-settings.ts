import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { MediaStore } from '../media/media-store.js';
import { publishSettings } from '../network/settings-notice.js';
import { child, children, contentBytes, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { IqRouter } from './iq-router.js';

/** Reading and writing the encrypted settings log; the other devices are told about each write. */
export function routeSettings(router: IqRouter, core: Core, media: MediaStore): void {
  router.on('set w:sync:app:state sync', async (from, body) => {
    // Every requested collection must be answered, otherwise the client asks again without end.
    const answers: Stanza[] = [];
    for (const collection of children(body, 'collection'))
      answers.push(child(collection, 'patch') ? write(from, collection, core) : await read(from, collection, media));
    return [stanza('sync', {}, answers)];
  });
}

async function read({ account: { settings } }: Companion, { attrs }: Stanza, media: MediaStore): Promise<Stanza> {
  const { name = '', return_snapshot: wanted } = attrs;
  const version = Number(attrs.version ?? 0);
  // From scratch a few patches serve as well as a snapshot; who asks with a version has lost its way.
  const needsSnapshot = settings.isTooOld(name, version) || (wanted === 'true' && version > 0);
  const snapshot = needsSnapshot ? settings.snapshot(name) : undefined;
  if (!snapshot) return answer(settings, name, version);
  const current = settings.version(name);
  const { fileLength, directPath, mediaKey, fileSha256, fileEncSha256 } = await media.store(snapshot, 'md-app-state');
  const reference = proto.ExternalBlobReference.encode({
    mediaKey,
    directPath,
    fileSizeBytes: fileLength,
    fileSha256,
    fileEncSha256,
  }).finish();
  return stanza('collection', { name, version: current }, [stanza('snapshot', {}, reference)]);
}

function write(from: Companion, collection: Stanza, core: Core): Stanza {
  const { settings } = from.account;
  const { name = '' } = collection.attrs;
  const version = Number(collection.attrs.version ?? 0);
  if (version === settings.version(name)) {
    publishSettings(core, from, name, contentBytes(child(collection, 'patch')));
    return stanza('collection', { name, version: settings.version(name) });
  }
  const conflict = stanza('error', { code: 409, text: 'conflict' });
  const { attrs, content } = answer(settings, name, version);
  return stanza('collection', { ...attrs, type: 'error' }, [conflict, ...(Array.isArray(content) ? content : [])]);
}

function answer(settings: Companion['account']['settings'], name: string, version: number): Stanza {
  const { patches, hasMore } = settings.since(name, version);
  const attrs = { name, version: settings.version(name), has_more_patches: hasMore ? 'true' : undefined };
  const nodes = patches.map((bytes) => stanza('patch', {}, bytes));
  return stanza('collection', attrs, nodes.length > 0 ? [stanza('patches', {}, nodes)] : []);
}
