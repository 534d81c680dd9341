import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { readGroupPicture } from './group-notices.js';
import { personOf, textIn, timeOfNode } from './notice-node.js';
import type { ContactFact, WaNotice } from './wa-notice.js';

/** Reads `<notification type="picture">`: of a person or a group. */
export function readPictureNotices(node: BinaryNode): WaNotice[] {
  const [set, removed] = [getBinaryNodeChild(node, 'set'), getBinaryNodeChild(node, 'delete')];
  if (!set && !removed) return [];
  const picture = set ? 'changed' : 'removed';
  if (toWaId(node.attrs.from ?? '').endsWith('@g.us'))
    return [readGroupPicture(node, picture, (set ?? removed)?.attrs.author)];
  return about(node, { kind: 'contact-picture', picture }, node.attrs.from);
}

/** Reads `<notification type="status">`: what somebody says about themselves. Baileys does not. */
export function readAboutNotices(node: BinaryNode): WaNotice[] {
  const set = getBinaryNodeChild(node, 'set');
  return set ? about(node, { kind: 'contact-about', about: textIn(set) ?? '' }, node.attrs.from) : [];
}

/** Reads `<notification type="account_sync">` as far as it is about people: whom the account blocked. */
export function readAccountNotices(node: BinaryNode): WaNotice[] {
  const list = getBinaryNodeChild(node, 'blocklist');
  return getBinaryNodeChildren(list, 'item').flatMap(({ attrs: { jid, pn_jid, action } }) =>
    about(node, { kind: 'contact-blocked', isBlocked: action === 'block' }, jid, pn_jid),
  );
}

function about(node: BinaryNode, fact: ContactFact, ...jids: (string | undefined)[]): WaNotice[] {
  const person = personOf(jids, node.attrs.notify);
  return person ? [{ chatId: person.waId, by: null, people: [person], at: timeOfNode(node), fact }] : [];
}
