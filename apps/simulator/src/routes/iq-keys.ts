import { createHash } from 'node:crypto';
import { child, children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import type { Directory } from '../world/directory.js';
import { identityStanzas, preKeyStanza, signedPreKeyStanza } from '../world/key-stanzas.js';
import type { IqRouter } from './iq-router.js';

/** The key server: stock, upload and hand-out of pre-keys. */
export function routeKeys(router: IqRouter, directory: Directory): void {
  router.on('get encrypt count', ({ keys }) => [stanza('count', { value: keys.count })]);
  router.on('get encrypt digest', digest);
  router.on('set encrypt rotate', ({ keys }, body) => keys.rotate(child(body, 'skey')));
  router.on('set encrypt registration', ({ keys }, _body, iq) => keys.upload(iq));
  router.on('get encrypt key', (_from, body) => {
    const users = children(body, 'user').map((user) => bundleFor(directory, user.attrs.jid ?? ''));
    return [stanza('list', {}, users)];
  });
}

function bundleFor(directory: Directory, jid: string): Stanza {
  const keys = directory.findDevice(jid)?.keys;
  if (!keys) return stanza('user', { jid }, [stanza('error', { code: 404, text: 'item-not-found' })]);
  const content = [...identityStanzas(keys), signedPreKeyStanza(keys.signedPreKey())];
  const oneTime = keys.takePreKey();
  if (oneTime) content.push(preKeyStanza(oneTime));
  return stanza('user', { jid }, content);
}

function digest({ keys }: Companion): Stanza[] {
  const hash = createHash('sha1').update(keys.identity).update(keys.stock().join()).digest();
  const content = [...identityStanzas(keys), signedPreKeyStanza(keys.signedPreKey()), stanza('hash', {}, hash)];
  return [stanza('digest', {}, content)];
}
