import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Group } from '../groups/group.js';
import { STATUS } from '../messages/shared-chat.js';
import type { Family } from '../wire/jid.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';

/** Where a person played here sends something: to a person, by number or by opaque id; to a group; to all who see its statuses. */
export type Destination =
  | { kind: 'person'; account: Account; family: Family }
  | { kind: 'group'; group: Group }
  | { kind: 'status'; viewers: Account[] };

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

/** The address of a chat. */
export function addressOf(chat: Destination): string {
  if (chat.kind === 'person') return chat.account.jid(chat.family);
  return chat.kind === 'group' ? chat.group.jid : STATUS;
}

/** How a chat is named in records: by the phone number of the person, or by its address. */
export function recordName(chat: Destination): string {
  return chat.kind === 'person' ? chat.account.pn : addressOf(chat);
}

/** The address family people know each other by in a chat. */
export function familyIn(chat: Destination): Family {
  if (chat.kind === 'person') return chat.family;
  return chat.kind === 'group' ? chat.group.addressing : 'pn';
}

/** The chat as a phone files it: people under their number, whichever address was used. */
export function chatJid(chat: Destination): string {
  return chat.kind === 'person' ? chat.account.jid('pn') : addressOf(chat);
}
