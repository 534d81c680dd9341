import type { WASocket } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';

/** Phone number and LID of the account, as far as it knows them. */
export function ownIds({ authState }: WASocket): string[] {
  const { me } = authState.creds;
  return [me?.id, me?.lid].flatMap((jid) => (jid ? [toWaId(jid)] : []));
}
