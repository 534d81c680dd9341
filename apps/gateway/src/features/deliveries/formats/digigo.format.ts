import type { StatusViewedData } from '@app/platform/events/data/status-data.js';
import type { ChatPresenceData } from '@app/platform/events/data/chat-data.js';
import type {
  MessageActionData,
  MessageEditedData,
  MessagePinnedData,
  MessagePollVoteData,
  MessageReactionData,
} from '@app/platform/events/data/message-action-data.js';
import type { MessageStatusData, MessageUndecryptableData } from '@app/platform/events/data/message-data.js';
import type { SessionQrData, SessionStatusData } from '@app/platform/events/data/session-data.js';
import type { TestData } from '@app/platform/events/data/webhook-data.js';
import { infoOf, messageOf } from './digigo-message.js';
import { callNews, contactNews, groupNews, newsletterNews } from './digigo-news.js';
import { tell } from './digigo-envelope.js';
import type { Brought, Content } from './event-data.js';
import { isGroup, jidOf, on, type EventFile, type EventFormat, type Told } from './event-format.js';

const message = on<Brought>(({ message }, told) => ({
  ...tell(told, 'Message', { Info: infoOf(message), Message: messageOf(message) }),
  ...(told.file && attached(told.file)),
}));

const attached = ({ mimeType, fileName, sizeBytes: size, link: url, base64 }: EventFile) => ({
  mimeType,
  fileName: fileName ?? '',
  ...(base64 !== null && { base64 }),
  ...(url !== null && { s3: { url, size, mimeType, fileName: fileName ?? '' } }),
});

/** What is done with a message is a message there, which names the other one. */
function deed(data: MessageActionData, told: Told, said: object, edit = '') {
  const { by, chatId, fromMe, at } = data;
  const info = {
    Chat: jidOf(chatId),
    Sender: jidOf(by.waId),
    IsFromMe: fromMe,
    IsGroup: isGroup(chatId),
    ID: told.event.id,
    Type: 'text',
    PushName: by.name ?? '',
    Timestamp: at,
    Edit: edit,
  };
  return tell(told, 'Message', { Info: info, Message: said });
}

const keyOf = ({ chatId, messageId, fromMe }: MessageActionData) => ({
  remoteJID: jidOf(chatId),
  ID: messageId,
  fromMe,
});

const receipts: Record<string, [type: string, state: string, kind: string]> = {
  delivered: ['Receipt', 'Delivered', ''],
  read: ['ReadReceipt', 'Read', 'read'],
  played: ['ReadReceipt', 'Played', 'played'],
};

/** By reason first, then by status. */
const connections: Record<string, string> = {
  replaced: 'StreamReplaced',
  client_outdated: 'ClientOutdated',
  temporarily_banned: 'TemporaryBan',
  connected: 'Connected',
  disconnected: 'Disconnected',
  stopped: 'Disconnected',
  logged_out: 'LoggedOut',
  banned: 'TemporaryBan',
  failed: 'ConnectFailure',
};

/** Values of `ProtocolMessage.Type` in WhatsApp's protobuf. */
const [REVOKE, MESSAGE_EDIT] = [0, 14];

/** DIGIGO, of the wuzapi family. */
export const digigo: EventFormat = {
  name: 'digigo',
  signature: { header: 'x-hmac-signature', prefix: '' },
  writers: {
    'session.status': on<SessionStatusData>(({ status, reason, me }, told) => {
      const type = connections[reason ?? ''] ?? connections[status];
      if (type === undefined) return null;
      return tell(told, type, { Reason: reason ?? '', ...(me && { JID: jidOf(me.waId) }) });
    }),
    'session.qr': on<SessionQrData>(({ qr }, told) => tell(told, 'QR', { Codes: [qr] })),
    'message.received': message,
    'message.sent': message,
    'newsletter.message': message,
    'status.posted': message,
    'message.status': on<MessageStatusData>(({ messageId, chatId, status, at }, told) => {
      const [type, state, kind] = receipts[status] ?? [];
      if (type === undefined) return null;
      const where = { Chat: jidOf(chatId), Sender: jidOf(chatId), IsFromMe: false, IsGroup: isGroup(chatId) };
      return { ...tell(told, type, { ...where, MessageIDs: [messageId], Timestamp: at, Type: kind }), state };
    }),
    'status.viewed': on<StatusViewedData>(({ messageId, chatId, viewer, at }, told) => {
      const where = { Chat: jidOf(chatId), Sender: jidOf(viewer.waId), IsFromMe: false, IsGroup: false };
      return {
        ...tell(told, 'ReadReceipt', { ...where, MessageIDs: [messageId], Timestamp: at, Type: 'read' }),
        state: 'Read',
      };
    }),
    'message.edited': on<MessageEditedData>((data, told) => {
      const conversation = data.text ?? (data.content as Content | null)?.caption ?? '';
      const protocolMessage = { type: MESSAGE_EDIT, key: keyOf(data), editedMessage: { conversation } };
      return deed(data, told, { protocolMessage }, '1');
    }),
    'message.revoked': on<MessageActionData>((data, told) =>
      deed(data, told, { protocolMessage: { type: REVOKE, key: keyOf(data) } }, '7'),
    ),
    'message.reaction': on<MessageReactionData>((data, told) =>
      deed(data, told, { reactionMessage: { key: keyOf(data), text: data.emoji ?? '' } }),
    ),
    'message.pinned': on<MessagePinnedData>((data, told) =>
      deed(data, told, { pinInChatMessage: { key: keyOf(data), type: data.isPinned ? 1 : 2 } }),
    ),
    'message.poll_vote': on<MessagePollVoteData>((data, told) =>
      deed(data, told, {
        pollUpdateMessage: { pollCreationMessageKey: keyOf(data), vote: { selectedOptions: data.options } },
      }),
    ),
    'message.undecryptable': on<MessageUndecryptableData>(({ messageId, chatId, senderId, timestamp }, told) =>
      tell(told, 'UndecryptableMessage', {
        Info: {
          Chat: jidOf(chatId),
          Sender: jidOf(senderId),
          IsFromMe: false,
          IsGroup: isGroup(chatId),
          ID: messageId,
          Timestamp: timestamp,
        },
        IsUnavailable: true,
      }),
    ),
    'chat.presence': on<ChatPresenceData>(({ chatId, person, state }, told) =>
      tell(told, 'ChatPresence', {
        Chat: jidOf(chatId),
        Sender: jidOf(person.waId),
        IsFromMe: false,
        IsGroup: isGroup(chatId),
        State: state === 'recording' ? 'composing' : state,
        Media: state === 'recording' ? 'audio' : '',
      }),
    ),
    ...contactNews,
    ...groupNews,
    ...newsletterNews,
    ...callNews,
    test: on<TestData>(({ text }, told) => tell(told, 'TestEvent', { test: true, message: text })),
  },
  without: [
    'session.pairing_code',
    'message.failed',
    'message.media',
    'message.starred',
    'message.deleted',
    'message.event_response',
    'chat.updated',
    'chat.deleted',
    'contact.merged',
    'group.join_request',
    'newsletter.updated',
    'newsletter.reaction',
    'label.edited',
    'label.assigned',
    'label.unassigned',
    'history.progress',
    'history.synced',
    'account.restricted',
    'account.capped',
    'account.restored',
    'webhook.disabled',
  ],
};
