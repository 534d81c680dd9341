import { proto } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { numberOf } from '../map/numbers.js';

/** What the account wants of one chat, wherever it was said: absent fields say nothing. */
export interface ChatSetting {
  chatId: string;
  name?: string;
  isArchived?: boolean;
  isMuted?: boolean;
  /** With `isMuted`: until when; null for always. */
  mutedUntil?: Date | null;
  isPinned?: boolean;
  pinnedAt?: Date;
  isMarkedUnread?: boolean;
  /** Messages until then are read. */
  readAt?: Date;
  isLocked?: boolean;
  isReadOnly?: boolean;
  disappearingSeconds?: number;
  /** Messages until then are cleared … */
  clearedAt?: Date;
  /** … but for the starred ones. */
  keepsStarred?: boolean;
  /** Deleted, unless something came later. */
  deletedAt?: Date;
}

/** An entry of the address book of the account's phone; without a name when it says nothing but an address. */
export interface ContactSetting {
  contactId: string;
  lid: string | null;
  phone: string | null;
  name: string | null;
  isRemoved: boolean;
}

/** A setting as WhatsApp's encrypted log of them has it. */
export interface SettingEntry {
  index: string[];
  value: proto.ISyncActionValue;
}

/** What an entry says about a chat; null when it is about something else. */
export function readChatSetting({ index: [type, jid = '', option], value }: SettingEntry): ChatSetting | null {
  const at = new Date(numberOf(value.timestamp) ?? Date.now());
  const chatId = toWaId(jid);
  const { archiveChatAction, muteAction, pinAction, markChatAsReadAction, lockChatAction } = value;
  if (archiveChatAction) return { chatId, isArchived: archiveChatAction.archived === true };
  if (muteAction) return { chatId, ...mute(muteAction, at) };
  if (pinAction) return { chatId, isPinned: pinAction.pinned === true, pinnedAt: at };
  if (lockChatAction) return { chatId, isLocked: lockChatAction.locked === true };
  if (markChatAsReadAction) return { chatId, ...reading(markChatAsReadAction, at) };
  if (type === 'clearChat') return { chatId, clearedAt: at, keepsStarred: option === '0' };
  if (type === 'deleteChat') return { chatId, deletedAt: at };
  return null;
}

/** −1 stands for always. */
function mute({ muted, muteEndTimestamp }: proto.SyncActionValue.IMuteAction, at: Date): Partial<ChatSetting> {
  const until = numberOf(muteEndTimestamp) ?? 0;
  if (!muted) return { isMuted: false, mutedUntil: null };
  return { isMuted: until <= 0 || until > at.getTime(), mutedUntil: until > 0 ? new Date(until) : null };
}

function reading({ read, messageRange }: proto.SyncActionValue.IMarkChatAsReadAction, at: Date): Partial<ChatSetting> {
  if (!read) return { isMarkedUnread: true };
  const last = numberOf(messageRange?.lastMessageTimestamp);
  return { isMarkedUnread: false, readAt: last ? new Date(last * 1000) : at };
}

/** What an entry says about the address book; null when it is about something else. */
export function readContactSetting({ index: [type, jid = ''], value }: SettingEntry): ContactSetting | null {
  const { contactAction: contact, lidContactAction: other, pnForLidChatAction: pair } = value;
  const neutral = (spelling: string | null | undefined) => (spelling ? toWaId(spelling) : null);
  if (pair?.pnJid)
    return { contactId: toWaId(jid), lid: toWaId(jid), phone: toWaId(pair.pnJid), name: null, isRemoved: false };
  if (type !== 'contact' && !other) return null;
  const name = [contact?.fullName, contact?.firstName, other?.fullName].find((said) => said) ?? null;
  const isRemoved = name === null;
  return { contactId: toWaId(jid), lid: neutral(contact?.lidJid), phone: neutral(contact?.pnJid), name, isRemoved };
}
