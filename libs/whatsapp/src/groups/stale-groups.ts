import { type BinaryNode, getBinaryNodeChild, type WASocket } from '@whiskeysockets/baileys';
import type { StaleGroups } from '../updates/wa-update.js';

/**
 * WhatsApp says at login that groups have changed while nobody was told. Baileys would ask for all of them and tell
 * WhatsApp that it knows before anything is stored; this takes the note away from it.
 */
export function takeStaleGroups(socket: WASocket, onStale: (update: StaleGroups) => void): void {
  socket.ws.prependListener('CB:ib,,dirty', (node: BinaryNode) => {
    const dirty = getBinaryNodeChild(node, 'dirty');
    if (dirty?.attrs.type !== 'groups' && dirty?.attrs.type !== 'communities') return;
    const { type, timestamp } = dirty.attrs;
    dirty.attrs = { ...dirty.attrs, type: `${type} taken` };
    const clean = { tag: 'clean', attrs: { type, ...(timestamp && { timestamp }) } };
    const attrs = { to: 's.whatsapp.net', type: 'set', xmlns: 'urn:xmpp:whatsapp:dirty' };
    onStale({
      kind: 'stale-groups',
      clean: () =>
        socket.sendNode({ tag: 'iq', attrs: { ...attrs, id: socket.generateMessageTag() }, content: [clean] }),
    });
  });
}
