import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Family } from '../wire/jid.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';

/** Where a person played here sends something: to a person, by number or by opaque id. */
export interface Destination {
  kind: 'person';
  account: Account;
  family: Family;
}

/** An opened message as its reader sees it. */
export interface Letter {
  id: string;
  /** Who wrote it; the reader itself when one of its own devices did. */
  from: Account;
  /** The chat it belongs to, which is where an answer goes. */
  chat: Destination;
  message: proto.IMessage;
  stanza: Stanza;
}

/** The chat as a phone files it: people under their number, whichever address was used. */
export function chatJid({ account }: Destination): string {
  return account.jid('pn');
}
