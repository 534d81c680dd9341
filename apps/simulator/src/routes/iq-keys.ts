import { createHash } from 'node:crypto';
import { child, children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import type { Directory } from '../world/directory.js';
import { identityStanzas, preKeyIdStanza, preKeyStanza, signedPreKeyStanza } from '../world/key-stanzas.js';
import { IqError } from '../world/refusal.js';
import type { IqRouter } from './iq-router.js';

/** As many devices as one question may be about: more than the largest group has. */
const MAX_USERS = 5_000;

/** The key server: stock, upload and hand-out of pre-keys. */
export function routeKeys(router: IqRouter, directory: Directory): void {
  router.on('get encrypt count', ({ keys }) => [stanza('count', { value: keys.count })]);
  router.on('get encrypt digest', digest);
  router.on('set encrypt rotate', ({ keys }, body) => {
    const signed = child(body, 'skey');
    insist(signed !== undefined && keys.rotate(signed));
  });
  // An upload has no body of its own, and clients put its parts in different orders.
  for (const first of ['registration', 'type', 'identity', 'list', 'skey'])
    router.on(`set encrypt ${first}`, ({ keys }, _body, iq) => insist(keys.upload(iq)));
  router.on('get encrypt key', (_from, body) => {
    const asked = new Set(children(body, 'user').map(({ attrs }) => attrs.jid ?? ''));
    insist(asked.size <= MAX_USERS);
    const bundles = [...asked].map((jid) => bundleFor(directory, jid));
    return [stanza('list', {}, bundles)];
  });
}

function insist(isSound: boolean): void {
  if (!isSound) throw new IqError(400, 'bad-request');
}

function bundleFor(directory: Directory, jid: string): Stanza {
  const keys = directory.findDevice(jid)?.keys;
  if (!keys) return stanza('user', { jid }, [stanza('error', { code: 404, text: 'item-not-found' })]);
  const content = [...identityStanzas(keys), signedPreKeyStanza(keys.signedPreKey())];
  const oneTime = keys.takePreKey();
  if (oneTime) content.push(preKeyStanza(oneTime));
  return stanza('user', { jid }, content);
}

/** What the service holds of a client's keys, for the client to compare with what it has itself. */
function digest({ keys }: Companion): Stanza[] {
  const stock = keys.stock();
  const signed = keys.signedPreKey();
  const hash = createHash('sha1').update(keys.identity).update(signed.value).update(signed.signature);
  for (const { value } of stock) hash.update(value);
  const ids = stock.map(({ id }) => preKeyIdStanza(id));
  const content = [...identityStanzas(keys), signedPreKeyStanza(signed), stanza('list', {}, ids)];
  return [stanza('digest', {}, [...content, stanza('hash', {}, hash.digest())])];
}
