import { type BinaryNode, BufferJSON } from '@whiskeysockets/baileys';
import type { JournalEntry } from '../signal/stanza-journal.js';
import { readCallNotices } from './call-notices.js';
import { readAboutNotices, readAccountNotices, readPictureNotices } from './contact-notices.js';
import { readGroupNotices } from './group-notices.js';
import { readMexNotices, readNewsletterNotices } from './newsletter-notices.js';
import { readViewNotices } from './status-notices.js';
import type { WaNotice } from './wa-notice.js';

const readers: Record<string, ((node: BinaryNode) => WaNotice[]) | undefined> = {
  'w:gp2': readGroupNotices,
  newsletter: readNewsletterNotices,
  mex: readMexNotices,
  picture: readPictureNotices,
  status: readAboutNotices,
  account_sync: readAccountNotices,
};

/** Reads a `<notification>`, `<call>` or `<receipt>`; empty when nobody needs to know. */
export function noticesIn(node: BinaryNode): WaNotice[] {
  if (node.tag === 'receipt') return readViewNotices(node);
  return node.tag === 'call' ? readCallNotices(node) : (readers[node.attrs.type ?? '']?.(node) ?? []);
}

/** What a journalled stanza that is no message says. */
export const readNotices = ({ plaintext }: JournalEntry): WaNotice[] =>
  noticesIn(JSON.parse(plaintext.toString(), BufferJSON.reviver) as BinaryNode);
