import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';

/** Where everybody's statuses are posted. */
export const STATUS = 'status@broadcast';

/** Who wrote something in a chat of several people, in one address family with the other alongside. */
export function authorAttributes({ account, id }: Device, family: Family): Record<string, string | undefined> {
  const alternative =
    family === 'lid' ? { participant_pn: account.shownNumber } : { participant_lid: account.jid('lid') };
  return { participant: account.shownJid(family, id), ...alternative, addressing_mode: family, notify: account.name };
}

/** A message to a chat of several people as one of their devices gets it. */
export function copyFor(message: Stanza, author: Device, family: Family, t: number, content: Stanza[]): Stanza {
  const { to, id, type = 'text', edit } = message.attrs;
  return stanza('message', { from: to, id, type, edit, t, ...authorAttributes(author, family) }, content);
}
