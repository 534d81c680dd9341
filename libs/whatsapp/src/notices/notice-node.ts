import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import { identityOf, toWaId } from '../map/jid.js';

/** A person by all the addresses that a stanza gives; null when it gives none. */
export function personOf(jids: (string | undefined)[], name?: string): WaPerson | null {
  const [first] = jids.filter((jid) => jid);
  if (!first) return null;
  const { phone, lid } = identityOf(...jids.map((jid) => jid || undefined));
  return { waId: phone ?? lid ?? toWaId(first), phone, lid, name: name || null };
}

/** Who a notification says has done it. */
export const actorOf = ({ attrs }: BinaryNode): WaPerson | null =>
  personOf([attrs.participant, attrs.participant_pn, attrs.participant_lid], attrs.notify);

export const childrenOf = ({ content }: BinaryNode): BinaryNode[] => (Array.isArray(content) ? content : []);

/** The text in a node; null when there is none. */
export function textIn({ content }: BinaryNode): string | null {
  if (typeof content === 'string') return content;
  return content instanceof Uint8Array ? Buffer.from(content).toString() : null;
}

export const textOfChild = (node: BinaryNode, tag: string): string | null => {
  const child = getBinaryNodeChild(node, tag);
  return child ? textIn(child) : null;
};

/** A moment in Unix seconds; null when it is none. */
export function momentOf(seconds: string | undefined): Date | null {
  const number = Number(seconds);
  return number > 0 && number < 8e12 ? new Date(number * 1000) : null;
}

export const timeOfNode = ({ attrs }: BinaryNode): Date => momentOf(attrs.t) ?? new Date();
