import type { BinaryNode } from '@whiskeysockets/baileys';
import { identityOf } from './jid.js';

/** Recipients tell how far messages of ours got. */
export interface WaReceipt {
  messageIds: string[];
  status: 'delivered' | 'read' | 'played';
  at: Date;
  /** waId of whoever confirms, where a message has several recipients: in groups and with statuses. */
  recipientId: string | null;
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
export function readReceipt(node: BinaryNode): WaReceipt | null {
  const { attrs } = node;
  const status = statusOfType[attrs.type ?? ''];
  // `recipient` marks receipts of our own other devices.
  if (!status || !attrs.id || attrs.recipient) return null;
  const { phone, lid } = identityOf(attrs.participant, attrs.participant_pn);
  return { messageIds: idsIn(node), status, at: timeOf(attrs.t), recipientId: phone ?? lid };
}

/** What another device of the account has read; null for other receipts. */
export function readSelfReceipt(node: BinaryNode): string[] | null {
  return node.attrs.type === 'read-self' ? idsIn(node) : null;
}

/** The messages that a receipt is about. */
export function idsIn({ attrs, content }: BinaryNode): string[] {
  const list = Array.isArray(content) ? content.find(({ tag }) => tag === 'list') : undefined;
  const items = Array.isArray(list?.content) ? list.content : [];
  const others = items.map((item) => item.attrs.id).filter((id) => id !== undefined);
  return [...(attrs.id ? [attrs.id] : []), ...others];
}

const LIVE_MS = 5_000;

/** WhatsApp counts in whole seconds; for what happens right now our clock tells the order better. */
function timeOf(t: string | undefined): Date {
  const now = Date.now();
  const told = t ? Number(t) * 1000 : now;
  return new Date(Math.abs(now - told) < LIVE_MS ? now : told);
}

export const readAck = ({ attrs }: BinaryNode): WaAck => ({
  messageId: attrs.id ?? '',
  errorCode: attrs.error ?? null,
});
