import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Setting, SettingsBook } from './settings-book.js';

/** How the owner has arranged a chat. */
interface ChatView {
  archived?: boolean;
  pinned?: boolean;
  mutedUntil?: number | null;
  read?: boolean;
  locked?: boolean;
  labels: string[];
}

const all = (settings: Setting[], kind: string) => settings.filter(({ index: [first] }) => first === kind);

/** The settings of an account as its phone understands them, for assertions; `items` has everything, word for word. */
export function settingsView(book: SettingsBook) {
  const { settings } = book;
  const last = (kind: string): proto.ISyncActionValue => all(settings, kind).at(-1)?.value ?? {};
  return {
    collections: book.progress(),
    pushName: last('setting_pushName').pushNameSetting?.name ?? null,
    locale: last('setting_locale').localeSetting?.locale ?? null,
    disableLinkPreviews:
      last('setting_disableLinkPreviews').privacySettingDisableLinkPreviewsAction?.isPreviewsDisabled ?? false,
    chats: chatsOf(settings),
    contacts: all(settings, 'contact').map(({ index: [, jid], value }) => ({
      jid,
      name: value.contactAction?.fullName ?? null,
      lid: value.contactAction?.lidJid ?? null,
    })),
    labels: all(settings, 'label_edit')
      .filter(({ value }) => !value.labelEditAction?.deleted)
      .map(({ index: [, id], value }) => ({
        id,
        name: value.labelEditAction?.name ?? null,
        color: value.labelEditAction?.color ?? null,
      })),
    messageLabels: all(settings, 'label_message')
      .filter(({ value }) => value.labelAssociationAction?.labeled)
      .map(({ index: [, label, chat, id] }) => ({ label, chat, id })),
    starred: all(settings, 'star')
      .filter(({ value }) => value.starAction?.starred)
      .map(({ index: [, chat, id, fromMe] }) => ({ chat, id, fromMe: fromMe === '1' })),
    quickReplies: all(settings, 'quick_reply')
      .filter(({ value }) => !value.quickReplyAction?.deleted)
      .map(({ index: [, id], value }) => ({
        id,
        shortcut: value.quickReplyAction?.shortcut ?? null,
        text: value.quickReplyAction?.message ?? null,
      })),
    favorites: (last('favorites').favoritesAction?.favorites ?? []).map(({ id }) => id ?? null),
    items: settings,
  };
}

type Reader = (view: ChatView, value: proto.ISyncActionValue, index: string[]) => void;

/** What an index begins with was chosen by a client, so it must not find anything but these. */
const readers = new Map<string, Reader>(
  Object.entries<Reader>({
    archive: (view, { archiveChatAction }) => void (view.archived = archiveChatAction?.archived ?? false),
    pin_v1: (view, { pinAction }) => void (view.pinned = pinAction?.pinned ?? false),
    markChatAsRead: (view, { markChatAsReadAction }) => void (view.read = markChatAsReadAction?.read ?? false),
    lock: (view, { lockChatAction }) => void (view.locked = lockChatAction?.locked ?? false),
    mute: (view, { muteAction }) => {
      view.mutedUntil = muteAction?.muted ? Number(muteAction.muteEndTimestamp ?? 0) : null;
    },
    label_jid: (view, { labelAssociationAction }, [, label = '']) => {
      if (labelAssociationAction?.labeled) view.labels.push(label);
    },
  }),
);

function chatsOf(settings: Setting[]): Record<string, ChatView> {
  const chats = new Map<string, ChatView>();
  for (const { index, value } of settings) {
    const [kind = '', first = '', second = ''] = index;
    const reader = readers.get(kind);
    if (!reader) continue;
    const chat = kind === 'label_jid' ? second : first;
    const view = chats.get(chat) ?? { labels: [] };
    chats.set(chat, view);
    reader(view, value, index);
  }
  return Object.fromEntries(chats);
}
