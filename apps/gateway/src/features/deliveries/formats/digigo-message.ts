import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { Brought, Content } from './event-data.js';
import { jidOf, jidOrNull, isGroup, secondsOf } from './event-format.js';

type Message = Brought['message'];

/** What kind of file a message brings, as WhatsApp's stanzas call it. */
const mediaTypes: Record<string, string> = {
  image: 'image',
  video: 'video',
  gif: 'gif',
  'video-note': 'ptv',
  audio: 'audio',
  voice: 'ptt',
  document: 'document',
  sticker: 'sticker',
};

/** Whose message it is, where and when: whatsmeow's `MessageInfo`. */
export function infoOf({ chatId, sender, fromMe, messageId, type, timestamp, origin }: Message): object {
  return {
    Chat: jidOf(chatId),
    Sender: jidOf(sender.waId),
    SenderAlt: sender.lid !== null && sender.lid !== sender.waId ? sender.lid : (jidOrNull(sender.phone) ?? ''),
    IsFromMe: fromMe,
    IsGroup: isGroup(chatId),
    ...(origin === 'api' && { IsFromAPI: true }),
    ID: messageId,
    Type: mediaTypes[type] ? 'media' : type === 'poll' ? 'poll' : 'text',
    MediaType: mediaTypes[type] ?? '',
    PushName: sender.name ?? '',
    Timestamp: timestamp,
  };
}

type Shape = (content: Content, text: string | null) => object;

const file =
  (name: string, more: Shape = () => ({})): Shape =>
  (content, text) => {
    const { mimeType: mimetype, sizeBytes: fileLength, width, height, seconds } = content.media ?? {};
    const facts = { mimetype, fileLength, width, height, seconds, caption: content.caption };
    return { [name]: { ...present(facts), ...more(content, text) } };
  };

const place: Shape = ({ latitude: degreesLatitude, longitude: degreesLongitude, name, address }) =>
  present({ degreesLatitude, degreesLongitude, name, address });

/** Contents in the fields of WhatsApp's protobuf, spelled as that gateway's language has them. */
const shapes: Record<string, Shape> = {
  image: file('imageMessage'),
  video: file('videoMessage'),
  gif: file('videoMessage', () => ({ gifPlayback: true })),
  'video-note': file('ptvMessage'),
  audio: file('audioMessage', () => ({ PTT: false })),
  voice: file('audioMessage', () => ({ PTT: true })),
  document: file('documentMessage', ({ media }) => present({ fileName: media?.fileName ?? undefined })),
  sticker: file('stickerMessage', ({ media }) => ({ isAnimated: media?.isAnimated ?? false })),
  location: (content, text) => ({ locationMessage: place(content, text) }),
  'live-location': (content, text) => ({ liveLocationMessage: place(content, text) }),
  contacts: ({ contacts = [] }) => {
    const cards = contacts.map(({ name: displayName, vcard }) => ({ displayName, vcard }));
    return cards.length === 1 ? { contactMessage: cards[0] } : { contactsArrayMessage: { contacts: cards } };
  },
  poll: ({ question: name, options = [], maxAnswers }) => ({
    pollCreationMessage: {
      name,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: maxAnswers,
    },
  }),
  event: ({ name, description, startsAt }) => ({
    eventMessage: present({ name, description, startTime: startsAt === undefined ? undefined : secondsOf(startsAt) }),
  }),
  'group-invite': ({ groupId: groupJID, name: groupName, code: inviteCode, caption }) => ({
    groupInviteMessage: present({ groupJID, groupName, inviteCode, caption }),
  }),
  'list-reply': ({ id: selectedRowID, text: title }) => ({
    listResponseMessage: { title, singleSelectReply: { selectedRowID } },
  }),
  'button-reply': ({ id: selectedButtonID, text: selectedDisplayText }) => ({
    buttonsResponseMessage: { selectedButtonID, selectedDisplayText },
  }),
};

/** What a message says: whatsmeow's `Message`. A type that has no shape here comes as its words. */
export function messageOf({ type, content, text, context }: Message): object {
  const contextInfo = contextInfoOf(context);
  const shape = shapes[type];
  if (!shape) return contextInfo ? { extendedTextMessage: { text, contextInfo } } : { conversation: text ?? '' };
  const made = shape(content ?? {}, text);
  if (!contextInfo) return made;
  return Object.fromEntries(Object.entries(made).map(([name, fields]) => [name, { ...fields, contextInfo }]));
}

function contextInfoOf(context: MessageContext | null): object | null {
  const { quoted, mentions, isForwarded, expirationSeconds } = context ?? {};
  const info = present({
    stanzaID: quoted?.messageId,
    participant: jidOrNull(quoted?.senderId),
    quotedMessage: quoted && { conversation: quoted.text ?? '' },
    mentionedJID: mentions?.map(jidOf),
    isForwarded,
    expiration: expirationSeconds,
  });
  return Object.keys(info).length ? info : null;
}

const present = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
