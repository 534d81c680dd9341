import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { SettingChange } from '../primary/settings-book.js';
import type { CollectionName } from '../world/settings-log.js';
import { chatSchema, flag, idSchema, line, pnSchema } from './schemas.js';

type Value = proto.ISyncActionValue;

/** What an order may contain; which of it is needed is said by the operation. */
export interface SettingOrder {
  op: string;
  name?: string;
  firstName?: string;
  locale?: string;
  contact?: string;
  chat?: string;
  chats?: string[];
  id?: string;
  fromMe?: boolean;
  on?: boolean;
  until?: number;
  label?: string;
  color?: number;
  deleted?: boolean;
  shortcut?: string;
  keepStarred?: boolean;
  text?: string;
}

/** Finds the address of a person or chat; refuses numbers nobody has. */
export interface AddressBook {
  jid(chat: string | undefined): string;
  lid(pn: string | undefined): string;
}

/** A setting the phone can be told to write: what it takes, and what comes of it. */
export interface SettingOperation {
  fields: Record<string, object>;
  required: string[];
  change: (order: SettingOrder, book: AddressBook) => SettingChange;
}

interface Format {
  collection: CollectionName;
  version: number;
  fields?: Record<string, object>;
  required?: string[];
  index: (order: SettingOrder, book: AddressBook) => string[];
  value: (order: SettingOrder, book: AddressBook) => Value;
  remove?: boolean;
}

function setting({ collection, version, fields = {}, required = [], index, value, remove }: Format): SettingOperation {
  const change = (order: SettingOrder, book: AddressBook): SettingChange => ({
    collection,
    version,
    index: index(order, book),
    value: value(order, book),
    ...(remove && { remove }),
  });
  return { fields, required, change };
}

/** A setting about a chat that is switched on, or off with `"on": false`. */
function chatSwitch(name: string, collection: CollectionName, version: number, value: (on: boolean) => Value) {
  return setting({
    collection,
    version,
    fields: { chat: chatSchema, on: flag },
    required: ['chat'],
    index: ({ chat }, book) => [name, book.jid(chat)],
    value: ({ on = true }) => value(on),
  });
}

/** A setting of the whole account that is switched on, or off with `"on": false`. */
function accountSwitch(name: string, collection: CollectionName, version: number, value: (on: boolean) => Value) {
  const index = () => [name];
  return setting({ collection, version, fields: { on: flag }, index, value: ({ on = true }) => value(on) });
}

const ofMessage = { chat: chatSchema, id: idSchema, fromMe: flag };
const messageIndex = (name: string) => (order: SettingOrder, book: AddressBook) => [
  name,
  book.jid(order.chat),
  order.id ?? '',
  order.fromMe ? '1' : '0',
  '0',
];
const labelled = ({ on = true }: SettingOrder): Value => ({ labelAssociationAction: { labeled: on } });

const aboutChats = {
  archive: chatSwitch('archive', 'regular_low', 3, (archived) => ({ archiveChatAction: { archived } })),
  pin: chatSwitch('pin_v1', 'regular_low', 5, (pinned) => ({ pinAction: { pinned } })),
  markRead: chatSwitch('markChatAsRead', 'regular_low', 3, (read) => ({ markChatAsReadAction: { read } })),
  lockChat: chatSwitch('lock', 'regular_low', 7, (locked) => ({ lockChatAction: { locked } })),
  mute: setting({
    collection: 'regular_high',
    version: 2,
    fields: { chat: chatSchema, until: { type: 'integer', minimum: 0 } },
    required: ['chat'],
    index: ({ chat }, book) => ['mute', book.jid(chat)],
    value: ({ until }) => ({ muteAction: { muted: !!until, muteEndTimestamp: until || undefined } }),
  }),
  clearChat: setting({
    collection: 'regular_high',
    version: 6,
    fields: { chat: chatSchema, keepStarred: flag },
    required: ['chat'],
    index: ({ chat, keepStarred }, book) => ['clearChat', book.jid(chat), keepStarred ? '0' : '1', '0'],
    value: () => ({ clearChatAction: {} }),
  }),
  deleteChat: setting({
    collection: 'regular_high',
    version: 6,
    fields: { chat: chatSchema },
    required: ['chat'],
    index: ({ chat }, book) => ['deleteChat', book.jid(chat), '1'],
    value: () => ({ deleteChatAction: {} }),
  }),
  favorite: setting({
    collection: 'regular_high',
    version: 1,
    fields: { chats: { type: 'array', items: chatSchema } },
    required: ['chats'],
    index: () => ['favorites'],
    value: ({ chats = [] }, book) => ({
      favoritesAction: { favorites: chats.map((chat) => ({ id: book.jid(chat) })) },
    }),
  }),
};

const aboutMessages = {
  star: setting({
    collection: 'regular_low',
    version: 2,
    fields: { ...ofMessage, on: flag },
    required: ['chat', 'id'],
    index: messageIndex('star'),
    value: ({ on = true }) => ({ starAction: { starred: on } }),
  }),
  deleteMessageForMe: setting({
    collection: 'regular_high',
    version: 3,
    fields: ofMessage,
    required: ['chat', 'id'],
    index: messageIndex('deleteMessageForMe'),
    value: () => ({ deleteMessageForMeAction: { deleteMedia: true } }),
  }),
};

const aboutLabels = {
  label: setting({
    collection: 'regular',
    version: 3,
    fields: { id: idSchema, name: line, color: { type: 'integer', minimum: 0, maximum: 19 }, deleted: flag },
    required: ['id', 'name'],
    index: ({ id = '' }) => ['label_edit', id],
    value: ({ name, color = 0, deleted = false }) => ({ labelEditAction: { name, color, deleted } }),
  }),
  labelChat: setting({
    collection: 'regular',
    version: 3,
    fields: { label: idSchema, chat: chatSchema, on: flag },
    required: ['label', 'chat'],
    index: ({ label = '', chat }, book) => ['label_jid', label, book.jid(chat)],
    value: labelled,
  }),
  labelMessage: setting({
    collection: 'regular',
    version: 3,
    fields: { label: idSchema, chat: chatSchema, id: idSchema, on: flag },
    required: ['label', 'chat', 'id'],
    index: ({ label = '', chat, id = '' }, book) => ['label_message', label, book.jid(chat), id, '0', '0'],
    value: labelled,
  }),
  quickReply: setting({
    collection: 'regular',
    version: 2,
    fields: { id: idSchema, shortcut: line, text: line, deleted: flag },
    required: ['id', 'shortcut'],
    index: ({ id = '' }) => ['quick_reply', id],
    value: ({ shortcut, text = '', deleted = false }) => ({
      quickReplyAction: { shortcut, message: text, keywords: [], count: 0, deleted },
    }),
  }),
};

const aboutPeople = {
  contact: setting({
    collection: 'critical_unblock_low',
    version: 2,
    fields: { contact: pnSchema, name: line, firstName: line },
    required: ['contact', 'name'],
    index: ({ contact }, book) => ['contact', book.jid(contact)],
    value: ({ contact, name, firstName }, book) => ({
      contactAction: { fullName: name, firstName, lidJid: book.lid(contact), saveOnPrimaryAddressbook: true },
    }),
  }),
  removeContact: setting({
    collection: 'critical_unblock_low',
    version: 2,
    fields: { contact: pnSchema },
    required: ['contact'],
    index: ({ contact }, book) => ['contact', book.jid(contact)],
    value: () => ({ contactAction: {} }),
    remove: true,
  }),
  pnForLid: setting({
    collection: 'regular',
    version: 8,
    fields: { contact: pnSchema },
    required: ['contact'],
    index: ({ contact }, book) => ['pnForLidChat', book.lid(contact)],
    value: ({ contact }, book) => ({ pnForLidChatAction: { pnJid: book.jid(contact) } }),
  }),
};

const aboutAccount = {
  pushName: setting({
    collection: 'critical_block',
    version: 1,
    fields: { name: line },
    required: ['name'],
    index: () => ['setting_pushName'],
    value: ({ name }) => ({ pushNameSetting: { name } }),
  }),
  locale: setting({
    collection: 'critical_block',
    version: 3,
    fields: { locale: line },
    required: ['locale'],
    index: () => ['setting_locale'],
    value: ({ locale }) => ({ localeSetting: { locale } }),
  }),
  disableLinkPreviews: accountSwitch('setting_disableLinkPreviews', 'regular', 8, (isPreviewsDisabled) => ({
    privacySettingDisableLinkPreviewsAction: { isPreviewsDisabled },
  })),
  unarchiveChats: accountSwitch('setting_unarchiveChats', 'regular_low', 4, (unarchiveChats) => ({
    unarchiveChatsSetting: { unarchiveChats },
  })),
  timeFormat: accountSwitch('time_format', 'regular_low', 7, (isTwentyFourHourFormatEnabled) => ({
    timeFormatAction: { isTwentyFourHourFormatEnabled },
  })),
  relayAllCalls: accountSwitch('setting_relayAllCalls', 'regular', 8, (isEnabled) => ({
    privacySettingRelayAllCalls: { isEnabled },
  })),
};

/** Every setting the phone can be told to write, by the name of the operation. */
export const settingOperations: Record<string, SettingOperation> = {
  ...aboutChats,
  ...aboutMessages,
  ...aboutLabels,
  ...aboutPeople,
  ...aboutAccount,
};
