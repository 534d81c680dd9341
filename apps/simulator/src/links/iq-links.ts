import type { IqRouter } from '../routes/iq-router.js';
import { stanza } from '../wire/stanza.js';
import { IqError } from '../world/refusal.js';
import type { Links } from './links.js';

/** The own contact code, and what the codes of others lead to. */
export function routeLinks(router: IqRouter, links: Links): void {
  router.on('set w:qr qr', ({ account }, { attrs }) => {
    if (attrs.type !== 'contact' || (attrs.action !== 'get' && attrs.action !== 'revoke'))
      throw new IqError(400, 'bad-request');
    return [stanza('qr', { code: links.codeOf(account, attrs.action === 'revoke') })];
  });
  router.on('get w:qr qr', (_from, { attrs: { code = '' } }) => {
    const contact = links.findContact(code);
    if (contact) return [stanza('qr', { type: 'contact', jid: contact.jid('pn'), notify: contact.name })];
    const found = links.findMessage(code);
    if (!found) throw new IqError(404, 'item-not-found');
    const { account, link } = found;
    const message = link.message === undefined ? [] : [stanza('message', {}, Buffer.from(link.message))];
    const name = account.verifiedName;
    const signed = name === undefined ? {} : { is_signed: 'true', verified_name: name, verified_level: 'high' };
    return [stanza('qr', { jid: account.jid('pn'), notify: account.name }, [stanza('business', signed), ...message])];
  });
}
