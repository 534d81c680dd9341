import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import type { BlockList } from './wa-update.js';

/** At every login Baileys asks whom the account blocks, and keeps nothing of the answer: this does. */
export function relayBlockList({ ws }: Pick<WASocket, 'ws'>, onList: (update: BlockList) => void): void {
  ws.on('CB:iq,,list', (node: BinaryNode) => {
    const list = getBinaryNodeChild(node, 'list');
    // Of a list that is still the same WhatsApp may tell no more than that.
    if (node.attrs.type !== 'result' || !list || list.attrs.matched === 'true') return;
    onList({ kind: 'block-list', personIds: blockedIn(list), at: new Date() });
  });
}

/** waIds, opaque ids mostly. */
export const blockedIn = (list: BinaryNode | undefined): string[] =>
  getBinaryNodeChildren(list, 'item').flatMap(({ attrs: { jid } }) => (jid ? [toWaId(jid)] : []));
