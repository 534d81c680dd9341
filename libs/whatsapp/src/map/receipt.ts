import type { BinaryNode } from '@whiskeysockets/baileys';

/** Recipients tell how far messages of ours got. */
export interface WaReceipt {
  messageIds: string[];
  status: 'delivered' | 'read' | 'played';
  at: Date;
}

/** WhatsApp took a message, or refused it with an error code. */
export interface WaAck {
  messageId: string;
  errorCode: string | null;
}

const statusOfType: Record<string, WaReceipt['status']> = {
  '': 'delivered',
  inactive: 'delivered',
  read: 'read',
  played: 'played',
};

/** Reads a `<receipt>`; null for kinds that say nothing about a recipient (retries, own devices, media errors). */
export function readReceipt({ attrs, content }: BinaryNode): WaReceipt | null {
  const status = statusOfType[attrs.type ?? ''];
  // `recipient` marks receipts of our own other devices.
  if (!status || !attrs.id || attrs.recipient) return null;
  const list = Array.isArray(content) ? content.find(({ tag }) => tag === 'list') : undefined;
  const items = Array.isArray(list?.content) ? list.content : [];
  const others = items.map((item) => item.attrs.id).filter((id) => id !== undefined);
  const at = attrs.t ? new Date(Number(attrs.t) * 1000) : new Date();
  return { messageIds: [attrs.id, ...others], status, at };
}

export const readAck = ({ attrs }: BinaryNode): WaAck => ({
  messageId: attrs.id ?? '',
  errorCode: attrs.error ?? null,
});
