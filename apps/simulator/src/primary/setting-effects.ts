import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import type { Chronicle } from './chronicle.js';
import type { Setting } from './settings-book.js';

/** What settings change beyond themselves: the owner's name, and the phone's memory of chats. */
export interface Affected {
  account: Account;
  past: Chronicle;
  directory: Directory;
}

type Effect = (value: proto.ISyncActionValue, affected: Affected, chat: string, id: string) => void;

const effects: Partial<Record<keyof proto.ISyncActionValue, Effect>> = {
  pushNameSetting: ({ pushNameSetting }, { account }) => {
    account.name = pushNameSetting?.name || account.name;
  },
  markChatAsReadAction: ({ markChatAsReadAction }, { past }, chat) => {
    if (markChatAsReadAction?.read) past.markRead(chat);
    else past.markUnread(chat);
  },
  clearChatAction: (_value, { past }, chat) => past.clear(chat),
  deleteChatAction: (_value, { past }, chat) => past.delete(chat),
  deleteMessageForMeAction: (_value, { past }, chat, id) => past.remove(chat, id),
  starAction: ({ starAction }, { past }, chat, id) => past.star(chat, id, starAction?.starred ?? false),
};

/** Does what a setting demands, whichever device wrote it. */
export function applySetting({ index, value }: Setting, affected: Affected): void {
  const [, jid = '', id = ''] = index;
  const chat = affected.directory.findByJid(jid)?.jid('pn') ?? jid;
  for (const [name, effect] of Object.entries(effects))
    if (value[name as keyof proto.ISyncActionValue]) effect(value, affected, chat, id);
}
