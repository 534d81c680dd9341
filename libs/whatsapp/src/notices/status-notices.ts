import type { BinaryNode } from '@whiskeysockets/baileys';
import { idsIn } from '../map/receipt.js';
import { actorOf, timeOfNode } from './notice-node.js';
import type { WaNotice } from './wa-notice.js';

const STATUS = 'status@broadcast';

/** Reads the receipts of those who look at statuses of this account; what other receipts say can be told late. */
export function readViewNotices(node: BinaryNode): WaNotice[] {
  const { from, type } = node.attrs;
  if (from !== STATUS || (type !== 'read' && type !== 'played')) return [];
  const by = actorOf(node);
  if (!by) return [];
  const fact = { kind: 'status-viewed' as const, messageIds: idsIn(node), viewerId: by.waId };
  return [{ chatId: STATUS, by, people: [], at: timeOfNode(node), fact }];
}
