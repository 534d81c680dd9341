import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Group, Role } from '../groups/group.js';
import type { Groups } from '../groups/groups.js';
import type { Directory } from '../world/directory.js';
import type { Chronicle, PastChat, PastMessage } from './chronicle.js';
import type { CollectionName } from '../world/settings-log.js';
import type { SettingsBook } from './settings-book.js';

const { INITIAL_BOOTSTRAP, RECENT, FULL, PUSH_NAME, NON_BLOCKING_DATA, ON_DEMAND } = proto.HistorySync.HistorySyncType;
const { Rank } = proto.GroupParticipant;
const ranks: Record<Role, number> = { member: Rank.REGULAR, admin: Rank.ADMIN, superadmin: Rank.SUPERADMIN };
const { LeaveReason } = proto.PastParticipant;
const Ending = proto.Conversation.EndOfHistoryTransferType;

const MESSAGES_PER_CHUNK = 500;
const MAX_ON_DEMAND = 500;
const RECENT_DAYS = 90;
const DAY_SECONDS = 86_400;

/** What a phone draws on when it tells its past. */
export interface Sources {
  past: Chronicle;
  settings: SettingsBook;
  directory: Directory;
  groups: Groups;
  now: number;
}

/** How much a client wants, as it said when it was linked. */
export interface Appetite {
  /** Everything, not only the recent messages. */
  full: boolean;
  recentDays?: number | null;
  fullDays?: number | null;
}

/** How much of the past a client asks for. */
export type Wanted = Pick<proto.DeviceProps.IHistorySyncConfig, 'fullSyncDaysLimit'>;

/** Messages of one chat, the newest first, as they travel. */
interface Excerpt {
  chat: PastChat;
  messages: PastMessage[];
}

/** The whole past in the order a phone sends it: chats first, names, then the messages, newest chunks first. */
export function wholeHistory(sources: Sources, { full, recentDays, fullDays }: Appetite): proto.IHistorySync[] {
  const { past, now } = sources;
  const since = (days: number) => now - days * DAY_SECONDS;
  const recent = since(recentDays ?? RECENT_DAYS);
  const older = since(fullDays ?? Infinity);
  const first = past.chats.map((chat) => ({ chat, messages: chat.messages.slice(-1) }));
  const between = (from: number, until: number) =>
    past.chats.map((chat) => ({
      chat,
      messages: chat.messages
        .slice(0, -1)
        .filter(({ messageTimestamp }) => messageTimestamp >= from && messageTimestamp < until)
        .reverse(),
    }));
  const bootstrap = { ...chunk(sources, INITIAL_BOOTSTRAP, first), phoneNumberToLidMappings: mappings(sources) };
  const fullChunks = full ? chunks(sources, FULL, between(older, recent)) : [];
  return [bootstrap, ...sideData(sources), ...chunks(sources, RECENT, between(recent, Infinity)), ...fullChunks];
}

/** Everything there is, or as much as a client wants of it, as one more full transfer. */
export function everything(sources: Sources, wanted: Wanted = {}): proto.IHistorySync[] {
  const since = wanted.fullSyncDaysLimit ? sources.now - wanted.fullSyncDaysLimit * DAY_SECONDS : 0;
  const excerpts = sources.past.chats.map((chat) => ({
    chat,
    messages: chat.messages.filter(({ messageTimestamp }) => messageTimestamp >= since).reverse(),
  }));
  return chunks(sources, FULL, excerpts);
}

/** The messages of one chat that came before one of them. */
export function olderMessages(
  sources: Sources,
  {
    chatJid,
    oldestMsgId,
    oldestMsgTimestampMs,
    onDemandMsgCount,
  }: proto.Message.PeerDataOperationRequestMessage.IHistorySyncOnDemandRequest,
): proto.IHistorySync {
  const account = sources.directory.findByJid(chatJid ?? undefined);
  const chat = sources.past.peek(account?.jid('pn') ?? chatJid ?? '');
  const known = chat.messages.findLastIndex(({ key }) => key.id === oldestMsgId);
  const before = Number(oldestMsgTimestampMs ?? 0) / 1000;
  const end = known >= 0 ? known : chat.messages.filter((message) => message.messageTimestamp < before).length;
  const start = Math.max(0, end - Math.min(onDemandMsgCount ?? MAX_ON_DEMAND, MAX_ON_DEMAND));
  const messages = chat.messages.slice(start, end).reverse();
  const hasMore = Ending.COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY;
  const ending = start > 0 ? hasMore : Ending.COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY;
  const conversation = { ...describe(sources, { chat, messages }), endOfHistoryTransferType: ending };
  return { syncType: ON_DEMAND, progress: 100, chunkOrder: 1, conversations: [conversation] };
}

/** Which opaque id belongs to which number, for everybody this account has to do with. */
export function mappings({ past, directory }: Pick<Sources, 'past' | 'directory'>): proto.IPhoneNumberToLIDMapping[] {
  const people = past.chats.map(({ jid }) => directory.findByJid(jid)).filter((account) => account !== undefined);
  return people.map((account) => ({ pnJid: account.jid('pn'), lidJid: account.jid('lid') }));
}

/** Names people gave themselves, and who has left the groups. */
function sideData(sources: Sources): proto.IHistorySync[] {
  const { past } = sources;
  const pushnames = [...past.pushNames].map(([id, pushname]) => ({ id, pushname }));
  const pastParticipants = past.chats
    .map(({ jid }) => ({ groupJid: jid, pastParticipants: departures(sources, jid) }))
    .filter(({ pastParticipants: left }) => left.length > 0);
  const names: proto.IHistorySync = { syncType: PUSH_NAME, progress: 100, chunkOrder: 1, pushnames };
  const rest: proto.IHistorySync = { syncType: NON_BLOCKING_DATA, progress: 100, chunkOrder: 1, pastParticipants };
  return [...(pushnames.length > 0 ? [names] : []), ...(pastParticipants.length > 0 ? [rest] : [])];
}

function departures({ past, groups }: Sources, jid: string): proto.IPastParticipant[] {
  const group = groups.find(jid);
  const seen = [...(group?.formerMembers ?? [])].map(([person, { at, wasRemoved }]) => ({
    jid: group?.jidOf(person),
    leftAt: at,
    wasRemoved,
  }));
  return [...past.chat(jid).formerMembers, ...seen].map(({ jid: userJid, leftAt, wasRemoved }) => ({
    userJid,
    leaveTs: leftAt,
    leaveReason: wasRemoved ? LeaveReason.REMOVED : LeaveReason.LEFT,
  }));
}

/** Cuts a transfer into chunks that say how far it has got. Recent messages end with a chunk even when there are none. */
function chunks(sources: Sources, syncType: proto.HistorySync.HistorySyncType, excerpts: Excerpt[]) {
  const parts: Excerpt[][] = [[]];
  let room = MESSAGES_PER_CHUNK;
  for (const { chat, messages } of excerpts)
    for (let at = 0; at < messages.length;) {
      if (room === 0) {
        parts.push([]);
        room = MESSAGES_PER_CHUNK;
      }
      const piece = messages.slice(at, at + room);
      parts.at(-1)?.push({ chat, messages: piece });
      at += piece.length;
      room -= piece.length;
    }
  if (syncType !== RECENT && parts[0]?.length === 0) return [];
  return parts.map((part, index) => ({
    ...chunk(sources, syncType, part),
    chunkOrder: index + 1,
    progress: Math.floor(((index + 1) * 100) / parts.length),
  }));
}

function chunk(sources: Sources, syncType: proto.HistorySync.HistorySyncType, excerpts: Excerpt[]): proto.IHistorySync {
  const conversations = excerpts.map((excerpt) => describe(sources, excerpt));
  return { syncType, chunkOrder: 1, progress: 100, conversations };
}

/** A chat with what the phone knows about it. */
function describe(sources: Sources, { chat, messages }: Excerpt): proto.IConversation {
  const { jid, ephemeralSeconds, ephemeralSince, unread } = chat;
  const newest = chat.messages.at(-1)?.messageTimestamp;
  const isWhole = messages.at(-1) === chat.messages[0];
  return {
    id: jid,
    lidJid: sources.directory.findByJid(jid)?.jid('lid'),
    ...groupDetails(sources.groups.find(jid)),
    ...(chat.name && { name: chat.name }),
    ...arrangement(sources, jid),
    messages: messages.map((message) => ({ message })),
    conversationTimestamp: newest,
    lastMsgTimestamp: newest,
    unreadCount: Math.max(0, unread),
    markedAsUnread: unread < 0,
    ...(ephemeralSeconds > 0 && { ephemeralExpiration: ephemeralSeconds, ephemeralSettingTimestamp: ephemeralSince }),
    endOfHistoryTransferType: isWhole
      ? Ending.COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY
      : Ending.COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY,
  };
}

function groupDetails(group: Group | undefined): proto.IConversation {
  if (!group) return {};
  const { subject, members, description, createdAt, settings } = group;
  return {
    name: subject.text,
    description: description?.text,
    createdAt,
    createdBy: group.jidOf(group.founder),
    participant: [...members].map(([person, role]) => ({ userJid: group.jidOf(person), rank: ranks[role] })),
    isParentGroup: group.kind === 'community',
    parentGroupId: group.community?.jid,
    ...(settings.disappearingSeconds > 0 && { ephemeralExpiration: settings.disappearingSeconds }),
  };
}

/** How the owner has arranged a chat: archived, pinned, muted, locked, the name in the address book. */
function arrangement({ settings, directory }: Sources, jid: string): proto.IConversation {
  const lid = directory.findByJid(jid)?.jid('lid') ?? jid;
  const arranged = (collection: CollectionName, what: string) =>
    settings.find(collection, [what, jid]) ?? settings.find(collection, [what, lid]) ?? {};
  const { pinAction, timestamp } = arranged('regular_low', 'pin_v1');
  const { muteAction } = arranged('regular_high', 'mute');
  const name = arranged('critical_unblock_low', 'contact').contactAction?.fullName;
  return {
    ...(name && { name }),
    archived: arranged('regular_low', 'archive').archiveChatAction?.archived ?? false,
    locked: arranged('regular_low', 'lock').lockChatAction?.locked,
    ...(pinAction?.pinned && { pinned: Math.floor(Number(timestamp) / 1000) }),
    ...(muteAction?.muted && { muteEndTime: muteAction.muteEndTimestamp }),
  };
}
