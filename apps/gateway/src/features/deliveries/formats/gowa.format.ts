import type { LabelAssignmentData, LabelEditedData } from '@app/platform/events/data/label-data.js';
import type { CallData } from '@app/platform/events/data/call-data.js';
import type {
  NewsletterJoinedData,
  NewsletterLeftData,
  NewsletterMutedData,
} from '@app/platform/events/data/newsletter-data.js';
import type { GroupCreatedData, GroupParticipantsData } from '@app/platform/events/data/group-data.js';
import type { ChatPresenceData } from '@app/platform/events/data/chat-data.js';
import type {
  MessageActionData,
  MessageEditedData,
  MessageReactionData,
} from '@app/platform/events/data/message-action-data.js';
import type { MessageStatusData } from '@app/platform/events/data/message-data.js';
import type { TestData } from '@app/platform/events/data/webhook-data.js';
import type { Brought, Content } from './event-data.js';
import {
  isGroup,
  jidOf,
  jidOrNull,
  on,
  secondsOf,
  type EventFile,
  type EventFormat,
  type Told,
} from './event-format.js';

/** `{ event, device_id, timestamp, payload }` of go-whatsapp-web-multidevice. */
const tell = ({ event, session }: Told, name: string, payload: object) => ({
  event: name,
  device_id: jidOrNull(session?.waId) ?? session?.id ?? null,
  timestamp: event.timestamp,
  payload,
});

const receipts: Record<string, string> = {
  delivered: 'means the message was delivered to the device (but the user might not have noticed).',
  read: 'the user opened the chat and saw the message.',
  played: 'the user opened a view-once or voice message.',
};

const memberships: Record<string, string> = {
  added: 'join',
  joined: 'join',
  removed: 'leave',
  left: 'leave',
  promoted: 'promote',
  demoted: 'demote',
};

/** Types of messages with a file, as they are called there. */
const fileNames: Record<string, string> = {
  image: 'image',
  video: 'video',
  gif: 'video',
  'video-note': 'video_note',
  audio: 'audio',
  voice: 'audio',
  document: 'document',
  sticker: 'sticker',
};

const message = on<Brought>(({ message }, told) => tell(told, 'message', payloadOf(message, told.file)));

function payloadOf({ content, context, ...message }: Brought['message'], file: EventFile | null) {
  return {
    id: message.messageId,
    chat_id: jidOf(message.chatId),
    from: jidOf(message.sender.waId),
    from_lid: message.sender.lid ?? undefined,
    from_name: message.sender.name ?? '',
    timestamp: message.timestamp,
    is_from_me: message.fromMe,
    body: message.text ?? undefined,
    replied_to_id: context?.quoted?.messageId,
    quoted_body: context?.quoted?.text ?? undefined,
    view_once: context?.isViewOnce,
    forwarded: context?.isForwarded,
    ...contentOf(message.type, content ?? {}, file),
  };
}

function contentOf(type: string, content: Content, file: EventFile | null): object {
  const name = fileNames[type];
  if (name) return { [name]: { url: file?.link ?? null, caption: content.caption, ...fileNameOf(type, content) } };
  const { latitude: degreesLatitude, longitude: degreesLongitude, contacts = [] } = content;
  const place = { degreesLatitude, degreesLongitude, name: content.name, address: content.address };
  if (type === 'location') return { location: place };
  if (type === 'live-location') return { live_location: place };
  if (type !== 'contacts') return {};
  const cards = contacts.map(({ name: displayName, vcard }) => ({ displayName, vcard }));
  return cards.length === 1 ? { contact: cards[0] } : { contacts_array: cards };
}

const fileNameOf = (type: string, { media }: Content) =>
  type === 'document' ? { filename: media?.fileName ?? undefined } : {};

/** What somebody did with a message, beside what it was. */
const deed = ({ by, chatId, fromMe, at }: MessageActionData, { event }: Told) => ({
  id: event.id,
  chat_id: jidOf(chatId),
  from: jidOf(by.waId),
  from_lid: by.lid ?? undefined,
  from_name: by.name ?? '',
  timestamp: at,
  is_from_me: fromMe,
});

const association = (labeled: boolean) =>
  on<LabelAssignmentData>(({ labelId, chatId, messageId }, told) =>
    tell(told, 'label.association', {
      type: messageId === null ? 'chat' : 'message',
      label_id: labelId,
      chat_id: jidOf(chatId),
      message_id: messageId ?? undefined,
      labeled,
    }),
  );

/** go-whatsapp-web-multidevice. */
export const gowa: EventFormat = {
  name: 'gowa',
  signature: { header: 'x-hub-signature-256', prefix: 'sha256=' },
  writers: {
    'message.received': message,
    'message.sent': message,
    'status.posted': message,
    'message.status': on<MessageStatusData>(({ messageId, chatId, status, at }, told) => {
      const description = receipts[status];
      if (description === undefined) return null;
      const [chat_id, ids] = [jidOf(chatId), [messageId]];
      const receipt = { receipt_type: status, receipt_type_description: description };
      return { ...tell(told, 'message.ack', { ids, chat_id, from: chat_id, ...receipt }), timestamp: at };
    }),
    'message.reaction': on<MessageReactionData>((data, told) =>
      tell(told, 'message.reaction', {
        ...deed(data, told),
        reaction: data.emoji ?? '',
        reacted_message_id: data.messageId,
      }),
    ),
    'message.revoked': on<MessageActionData>((data, told) =>
      tell(told, 'message.revoked', {
        ...deed(data, told),
        revoked_message_id: data.messageId,
        revoked_from_me: data.fromMe,
        revoked_chat: jidOf(data.chatId),
      }),
    ),
    'message.edited': on<MessageEditedData>((data, told) =>
      tell(told, 'message.edited', {
        ...deed(data, told),
        original_message_id: data.messageId,
        body: data.text ?? (data.content as Content | null)?.caption ?? '',
      }),
    ),
    'message.deleted': on<MessageActionData>((data, told) =>
      tell(told, 'message.deleted', { ...deed(data, told), deleted_message_id: data.messageId }),
    ),
    'chat.presence': on<ChatPresenceData>(({ chatId, person, state }, told) =>
      tell(told, 'chat_presence', {
        from: jidOf(person.waId),
        from_lid: person.lid ?? undefined,
        chat_id: jidOf(chatId),
        state: state === 'recording' ? 'composing' : state,
        media: state === 'recording' ? 'audio' : '',
        is_group: isGroup(chatId),
      }),
    ),
    'group.participants': on<GroupParticipantsData>(({ chatId, change, participants }, told) => {
      const type = memberships[change];
      const jids = participants.map(({ waId }) => jidOf(waId));
      return type === undefined ? null : tell(told, 'group.participants', { chat_id: chatId, type, jids });
    }),
    'group.created': on<GroupCreatedData>(({ chatId, group, participants }, told) =>
      tell(told, 'group.joined', {
        chat_id: chatId,
        name: group.subject,
        topic: group.description ?? undefined,
        participants: participants.map(({ waId, role }) => ({ jid: jidOf(waId), is_admin: role !== 'member' })),
      }),
    ),
    'label.edited': on<LabelEditedData>(({ labelId, name, color, isDeleted }, told) =>
      tell(told, 'label.edit', { label_id: labelId, name, color, deleted: isDeleted }),
    ),
    'label.assigned': association(true),
    'label.unassigned': association(false),
    'newsletter.joined': on<NewsletterJoinedData>(({ chatId, newsletter }, told) =>
      tell(told, 'newsletter.joined', { id: chatId, name: newsletter.name }),
    ),
    'newsletter.left': on<NewsletterLeftData>(({ chatId }, told) => tell(told, 'newsletter.left', { id: chatId })),
    'newsletter.message': on<Brought>(({ message }, told) =>
      tell(told, 'newsletter.message', {
        newsletter_id: message.chatId,
        messages: [{ ...payloadOf(message, told.file), server_id: message.context?.serverId }],
      }),
    ),
    'newsletter.muted': on<NewsletterMutedData>(({ chatId, isMuted }, told) =>
      tell(told, 'newsletter.mute', { newsletter_id: chatId, mute: isMuted ? 'on' : 'off' }),
    ),
    'call.offered': on<CallData>(({ callId, caller, isVideo, groupId, at }, told) =>
      tell(told, 'call.offer', {
        call_id: callId,
        from: jidOf(caller.waId),
        is_video: isVideo,
        group_jid: groupId ?? undefined,
        timestamp: secondsOf(at),
      }),
    ),
    test: on<TestData>(({ text }, told) => tell(told, 'test', { text })),
  },
  without: [
    'session.status',
    'session.qr',
    'session.pairing_code',
    'message.failed',
    'message.media',
    'message.starred',
    'message.pinned',
    'message.poll_vote',
    'message.event_response',
    'message.undecryptable',
    'chat.updated',
    'chat.deleted',
    'contact.merged',
    'contact.updated',
    'contact.presence',
    'contact.blocked',
    'group.updated',
    'group.join_request',
    'group.left',
    'newsletter.updated',
    'newsletter.reaction',
    'newsletter.live',
    'call.accepted',
    'call.rejected',
    'call.ended',
    'call.missed',
    'history.progress',
    'history.synced',
    'status.viewed',
    'account.restricted',
    'account.capped',
    'account.restored',
    'webhook.disabled',
  ],
};
