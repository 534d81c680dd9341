import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from '@whiskeysockets/baileys';
import { JOURNAL, type SignalStore } from '../auth/signal-store.js';
import type { JournalEntry, StanzaJournal } from './stanza-journal.js';

/**
 * Journals posts of newsletters, which are not encrypted and so never pass the Signal repository. The rows are queued
 * before Baileys acknowledges the stanza, and FrameGate holds the ack until they are committed.
 */
export function journalNewsletters(
  { ws }: Pick<WASocket, 'ws'>,
  store: SignalStore,
  journal: StanzaJournal,
  onJournalled: (entry: JournalEntry) => void,
): void {
  const keep = (attrs: Record<string, string>, node: BinaryNode) => {
    const content = getBinaryNodeChild(node, 'plaintext')?.content;
    const body = content instanceof Uint8Array ? content : new Uint8Array();
    const made = journal.plain(attrs.edit ? { ...attrs, edited_t: editTime(node) } : attrs, body);
    if (!made) return;
    // Whatever goes wrong with the write is reported by the store, and ends the connection.
    store.set({ [JOURNAL]: { [made.row.key]: made.row } }).catch(() => undefined);
    void store.committed.then(
      () => onJournalled(made.entry),
      () => undefined,
    );
  };
  ws.prependListener('CB:message', (node: BinaryNode) => {
    if (node.attrs.from?.endsWith('@newsletter')) keep(node.attrs, node);
  });
  // What another device of this account has posted comes as something that is known already.
  ws.prependListener('CB:notification,type:newsletter', ({ attrs: { from = '' }, ...node }: BinaryNode) => {
    for (const post of getBinaryNodeChildren({ attrs: {}, ...node }, 'message')) {
      const { message_id: id = '', ...attrs } = post.attrs;
      keep({ ...attrs, from, id }, post);
    }
  });
}

/** `t` is when the post was written; when it was changed stands beside its content, or nowhere. */
const editTime = (node: BinaryNode): string =>
  getBinaryNodeChild(node, 'meta')?.attrs.msg_edit_t ?? String(Math.floor(Date.now() / 1000));
