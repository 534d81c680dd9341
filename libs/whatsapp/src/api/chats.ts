import { type proto, type WAMessageKey, type WASocket } from '@whiskeysockets/baileys';
import { toJid } from '../map/jid.js';
import { type ChatSetting, readChatSetting } from '../updates/settings.js';
import type { FrameGate } from '../signal/frame-gate.js';
import type { AppState, NewSetting, ReadCollection, Resync } from './app-state.js';
import { asAppError } from './failure.js';
import { queryGroup } from './group-query.js';
import { disappearing } from './group-settings.js';

/** A message as WhatsApp names it. */
export interface MessageKey {
  chatId: string;
  messageId: string;
  senderId: string;
  /** The sender's address as WhatsApp used it: receipts have to name it so. */
  authorAddress: string;
  fromMe: boolean;
  /** RFC 3339 */
  timestamp: string;
}

/** Up to where something counts. */
export type LastMessage = Omit<MessageKey, 'messageId'> & {
  /** Null when nothing but the time is known. */
  messageId: string | null;
};

/** A setting of a chat that WhatsApp has taken; `stored` is to be called once it is stored here too. */
export interface WrittenChatSetting {
  setting: ChatSetting;
  stored(): void;
}

export type ChatState = 'composing' | 'recording' | 'paused' | 'available' | 'unavailable';

/** What can be done with a chat over one connection. */
export class ChatsApi {
  constructor(
    private readonly socket: WASocket,
    private readonly gate: FrameGate,
    private readonly appState: AppState,
  ) {}

  archive(chatId: string, archived: boolean, last: LastMessage | null): Promise<WrittenChatSetting> {
    const syncAction = { archiveChatAction: { archived, messageRange: rangeOf(last) } };
    return this.write({ type: 'regular_low', apiVersion: 3, index: ['archive', toJid(chatId)], syncAction });
  }

  pin(chatId: string, pinned: boolean): Promise<WrittenChatSetting> {
    const syncAction = { pinAction: { pinned } };
    return this.write({ type: 'regular_low', apiVersion: 5, index: ['pin_v1', toJid(chatId)], syncAction });
  }

  /** Until `until`, null for always; undefined ends it. */
  mute(chatId: string, until: Date | null | undefined): Promise<WrittenChatSetting> {
    const muteEndTimestamp = until === null ? -1 : until?.getTime();
    const syncAction = { muteAction: { muted: until !== undefined, muteEndTimestamp } };
    return this.write({ type: 'regular_high', apiVersion: 2, index: ['mute', toJid(chatId)], syncAction });
  }

  /** Takes the mark of an unread chat away, or puts it there. */
  mark(chatId: string, read: boolean, last: LastMessage | null): Promise<WrittenChatSetting> {
    const syncAction = { markChatAsReadAction: { read, messageRange: rangeOf(last) } };
    return this.write({ type: 'regular_low', apiVersion: 3, index: ['markChatAsRead', toJid(chatId)], syncAction });
  }

  clear(chatId: string, keepStarred: boolean, last: LastMessage | null): Promise<WrittenChatSetting> {
    const index = ['clearChat', toJid(chatId), keepStarred ? '0' : '1', '0'];
    const syncAction = { clearChatAction: { messageRange: rangeOf(last) } };
    return this.write({ type: 'regular_high', apiVersion: 6, index, syncAction });
  }

  delete(chatId: string, last: LastMessage | null): Promise<WrittenChatSetting> {
    const syncAction = { deleteChatAction: { messageRange: rangeOf(last) } };
    return this.write({ type: 'regular_high', apiVersion: 6, index: ['deleteChat', toJid(chatId), '1'], syncAction });
  }

  /** Tells the senders that their messages were read, as far as the account's privacy wants that. */
  read(keys: MessageKey[]): Promise<void> {
    return this.call(async () => {
      await this.socket.readMessages(keys.map(keyOf));
      await this.gate.flushed;
    });
  }

  /** In how many seconds messages written from now on disappear; 0 for never. */
  setDisappearing(chatId: string, seconds: number): Promise<void> {
    return this.call(async () => {
      const jid = toJid(chatId);
      // Baileys' own function for groups takes no answer for a good one.
      if (chatId.endsWith('@g.us')) await queryGroup(this.socket, 'set', jid, disappearing(seconds));
      else await this.socket.sendMessage(jid, { disappearingMessagesInChat: seconds });
      await this.gate.flushed;
    });
  }

  /** `available` and `unavailable` are told to everybody: while an account is available its phone does not ring. */
  showPresence(chatId: string, state: ChatState): Promise<void> {
    return this.call(() => this.socket.sendPresenceUpdate(state, toJid(chatId)));
  }

  subscribe(chatId: string): Promise<void> {
    return this.call(() => this.socket.presenceSubscribe(toJid(chatId)));
  }

  resyncSettings(how: Resync): Promise<ReadCollection[]> {
    return this.appState.resync(how);
  }

  private async write(setting: NewSetting): Promise<WrittenChatSetting> {
    const written = await this.appState.write(setting);
    const read = readChatSetting(written.entry);
    if (!read) throw new Error(`${setting.index[0]} is no setting of a chat`);
    return { setting: read, stored: () => written.stored() };
  }

  private async call(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw asAppError(error);
    }
  }
}

function keyOf({ chatId, messageId, authorAddress, fromMe }: MessageKey): WAMessageKey {
  const isShared = chatId.endsWith('@g.us') || chatId.endsWith('@broadcast');
  if (isShared && !fromMe)
    return { remoteJid: toJid(chatId), id: messageId, fromMe, participant: toJid(authorAddress) };
  return { remoteJid: toJid(fromMe || isShared ? chatId : authorAddress), id: messageId, fromMe };
}

/** Up to which message it counts: what comes later is not touched by it. */
function rangeOf(last: LastMessage | null): proto.SyncActionValue.ISyncActionMessageRange | undefined {
  if (!last) return undefined;
  const timestamp = Math.floor(Date.parse(last.timestamp) / 1000);
  const messages = hasId(last) ? [{ key: keyOf(last), timestamp }] : [];
  return { lastMessageTimestamp: timestamp, messages };
}

/** Whether more than the time of the message is known. */
export const hasId = (last: LastMessage): last is MessageKey => last.messageId !== null;
