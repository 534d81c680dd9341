import { jidDecode } from '@whiskeysockets/baileys';

/** The own account, to recognise messages that its other devices sent. */
export interface OwnAccount {
  waId: string;
  lid: string | null;
}

/** Baileys' spelling of a neutral address (libs/platform/src/ids/wa-id.ts). */
export const toJid = (waId: string): string => (waId.includes('@') ? waId : `${waId}@s.whatsapp.net`);

/** The neutral spelling of a JID, without its device. */
export function toWaId(jid: string): string {
  const decoded = jidDecode(jid);
  if (!decoded?.user) return jid;
  const { user, server } = decoded;
  if (server === 's.whatsapp.net' || server === 'c.us') return user;
  return `${user}@${server}`;
}

/** The LID and the phone number among up to two spellings of one person. */
export function identityOf(...jids: (string | undefined)[]): { phone: string | null; lid: string | null } {
  const ids = jids.filter((jid) => jid !== undefined).map(toWaId);
  return {
    phone: ids.find((id) => !id.includes('@')) ?? null,
    lid: ids.find((id) => id.endsWith('@lid')) ?? null,
  };
}
