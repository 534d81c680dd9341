import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { MediaStore } from '../media/media-store.js';
import { publishSettings } from '../network/settings-notice.js';
import { child, children, contentBytes, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { isCollectionName } from '../world/settings-log.js';
import type { CollectionName, SettingsLog } from '../world/settings-log.js';
import { IqError } from '../world/refusal.js';
import type { IqRouter } from './iq-router.js';

/** Reading and writing the encrypted settings log; the other devices are told about each write. */
export function routeSettings(router: IqRouter, core: Core, media: MediaStore): void {
  router.on('set w:sync:app:state sync', async (from, body) => {
    // Every requested collection must be answered, otherwise the client asks again without end.
    const answers: Stanza[] = [];
    const asked = children(body, 'collection').map(readRequest);
    for (const request of asked)
      answers.push(request.patch ? write(from, request, core) : await read(from, request, media));
    return [stanza('sync', {}, answers)];
  });
}

/** What a client wants of one collection: to write a patch, or to read on from a version. */
interface Request {
  name: CollectionName;
  version: number;
  wantsSnapshot: boolean;
  patch: Buffer | undefined;
}

function readRequest(collection: Stanza): Request {
  const { name = '', version = '0', return_snapshot: wanted } = collection.attrs;
  if (!isCollectionName(name) || !/^\d{1,15}$/.test(version)) throw new IqError(400, 'bad-request');
  const node = child(collection, 'patch');
  const patch = node && contentBytes(node);
  if (patch && !isPatch(patch)) throw new IqError(400, 'bad-request');
  return { name, version: Number(version), wantsSnapshot: wanted === 'true', patch };
}

function isPatch(bytes: Buffer): boolean {
  try {
    proto.SyncdPatch.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

async function read({ account: { settings } }: Companion, request: Request, media: MediaStore): Promise<Stanza> {
  const { name, version, wantsSnapshot } = request;
  // From scratch a few patches serve as well as a snapshot; who asks with a version has lost its way.
  const needsSnapshot = settings.isTooOld(name, version) || (wantsSnapshot && version > 0);
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

function write(from: Companion, { name, version, patch = Buffer.alloc(0) }: Request, core: Core): Stanza {
  const { settings } = from.account;
  if (version === settings.version(name)) {
    publishSettings(core, from, name, patch);
    return stanza('collection', { name, version: settings.version(name) });
  }
  const conflict = stanza('error', { code: 409, text: 'conflict' });
  const { attrs, content } = answer(settings, name, version);
  return stanza('collection', { ...attrs, type: 'error' }, [conflict, ...(Array.isArray(content) ? content : [])]);
}

function answer(settings: SettingsLog, name: CollectionName, version: number): Stanza {
  const { patches, hasMore } = settings.since(name, version);
  const attrs = { name, version: settings.version(name), has_more_patches: hasMore ? 'true' : undefined };
  const nodes = patches.map((bytes) => stanza('patch', {}, bytes));
  return stanza('collection', attrs, nodes.length > 0 ? [stanza('patches', {}, nodes)] : []);
}
