import type { ContactUpdatedData } from '@app/platform/events/data/contact-data.js';
import type {
  GroupCreatedData,
  GroupFeatures,
  GroupParticipantsData,
  GroupUpdatedData,
} from '@app/platform/events/data/group-data.js';
import type { MessageActionData, MessageEditedData } from '@app/platform/events/data/message-action-data.js';
import type { MessageFailedData, MessageStatusData } from '@app/platform/events/data/message-data.js';
import type { SessionQrData, SessionStatusData } from '@app/platform/events/data/session-data.js';
import type { TestData } from '@app/platform/events/data/webhook-data.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { Brought, Content } from './event-data.js';
import { isGroup, jidOf, jidOrNull, on, secondsOf, type EventFormat, type Told } from './event-format.js';

/** `{ event, sessionId, timestamp, data }` of WA-AKG. */
const tell = ({ event }: Told, name: string, data: object) => ({
  event: name,
  sessionId: event.sessionId,
  timestamp: event.timestamp,
  data,
});

const chatTypes = {
  person: 'PERSONAL',
  group: 'GROUP',
  status: 'STATUS',
  newsletter: 'NEWSLETTER',
  broadcast: 'UNKNOWN',
};

const types: Record<string, string> = { gif: 'VIDEO', 'video-note': 'VIDEO', voice: 'AUDIO', contacts: 'CONTACT' };
const typeOf = (type: string) => types[type] ?? type.replaceAll('-', '_').toUpperCase();

const message = (name: string) =>
  on<Brought>(({ message }, told) => {
    const { chatId, sender, content, context } = message;
    const participant = isGroup(chatId) ? jidOf(sender.waId) : undefined;
    return tell(told, name, {
      key: { remoteJid: jidOf(chatId), fromMe: message.fromMe, id: message.messageId, participant },
      pushName: sender.name,
      messageTimestamp: secondsOf(message.timestamp),
      from: jidOf(chatId),
      receiver: jidOrNull(told.session?.waId),
      sender: jidOf(sender.waId),
      isGroup: isGroup(chatId),
      chatType: chatTypes[chatKindOf(chatId)],
      type: typeOf(message.type),
      content: message.text ?? content?.caption ?? null,
      fileUrl: told.file?.link ?? null,
      caption: content?.caption ?? null,
      quoted: context?.quoted
        ? {
            id: context.quoted.messageId,
            sender: jidOrNull(context.quoted.senderId),
            content: context.quoted.text,
          }
        : null,
    });
  });

const keyOf = ({ chatId, messageId, fromMe }: { chatId: string; messageId: string; fromMe: boolean }) => ({
  remoteJid: jidOf(chatId),
  fromMe,
  id: messageId,
});

const statuses: Record<string, string> = {
  sent: 'SENT',
  server_ack: 'SENT',
  delivered: 'DELIVERED',
  read: 'READ',
  played: 'PLAYED',
  failed: 'FAILED',
};
/** Before WhatsApp has it there is nothing that the other side could know. */
const status = on<MessageStatusData | MessageFailedData>((data, told) => {
  const state = 'status' in data ? data.status : 'failed';
  if (state === 'pending' || state === 'sent') return null;
  const key = keyOf({ ...data, fromMe: true });
  return tell(told, 'message.status', { key, messageId: data.messageId, status: statuses[state] });
});

const connections: Record<string, string> = {
  connected: 'Connected',
  connecting: 'Connecting',
  pairing: 'Connecting',
  degraded: 'Connecting',
};

const deleted = on<MessageActionData>((data, told) =>
  tell(told, 'message.deleted', { key: keyOf(data), deletedBy: jidOf(data.by.waId) }),
);

const actions: Record<string, string> = {
  added: 'add',
  joined: 'add',
  removed: 'remove',
  left: 'remove',
  promoted: 'promote',
  demoted: 'demote',
};

const groupOf = (id: string, looks: GroupFeatures) => ({
  id,
  subject: looks.subject,
  desc: looks.description,
  announce: looks.isAnnouncement,
  restrict: looks.isLocked,
  ephemeralDuration: looks.disappearingSeconds,
  inviteCode: looks.inviteCode,
});

/** WA-AKG. */
export const waAkg: EventFormat = {
  name: 'wa-akg',
  signature: { header: 'x-webhook-signature', prefix: 'sha256=' },
  writers: {
    'session.status': on<SessionStatusData>(({ status: state, reason, me }, told) =>
      tell(told, 'connection.update', {
        status: connections[state] ?? 'Disconnected',
        reason,
        me: me && { id: jidOf(me.waId), name: me.name },
      }),
    ),
    'session.qr': on<SessionQrData>(({ qr }, told) => tell(told, 'connection.update', { status: 'Connecting', qr })),
    'message.received': message('message.received'),
    'message.sent': message('message.sent'),
    'newsletter.message': message('message.received'),
    'status.posted': message('status.update'),
    'message.status': status,
    'message.failed': status,
    'message.edited': on<MessageEditedData>((data, told) =>
      tell(told, 'message.edited', {
        key: keyOf(data),
        content: data.text ?? (data.content as Content | null)?.caption ?? null,
      }),
    ),
    'message.revoked': deleted,
    'message.deleted': deleted,
    'group.created': on<GroupCreatedData>(({ chatId, group }, told) =>
      tell(told, 'group.update', groupOf(chatId, group)),
    ),
    'group.updated': on<GroupUpdatedData>(({ chatId, changes }, told) =>
      tell(told, 'group.update', groupOf(chatId, changes)),
    ),
    'group.participants': on<GroupParticipantsData>(({ chatId, change, participants, by }, told) => {
      const action = actions[change];
      const people = participants.map(({ waId }) => jidOf(waId));
      const author = jidOrNull(by?.waId);
      return action === undefined
        ? null
        : tell(told, 'group.participant', { id: chatId, participants: people, action, author });
    }),
    'contact.updated': on<ContactUpdatedData>(({ person, changes }, told) =>
      tell(told, 'contact.update', {
        id: jidOf(person.waId),
        lid: person.lid,
        name: changes.name,
        notify: changes.pushName,
        imgUrl: changes.picture,
        status: changes.about,
      }),
    ),
    test: on<TestData>(({ text }, told) => tell(told, 'test', { text })),
  },
  without: [
    'session.pairing_code',
    'message.media',
    'message.reaction',
    'message.starred',
    'message.pinned',
    'message.poll_vote',
    'message.event_response',
    'message.undecryptable',
    'chat.updated',
    'chat.deleted',
    'chat.presence',
    'contact.merged',
    'contact.presence',
    'contact.blocked',
    'group.join_request',
    'group.left',
    'newsletter.joined',
    'newsletter.left',
    'newsletter.updated',
    'newsletter.reaction',
    'newsletter.muted',
    'newsletter.live',
    'call.offered',
    'call.accepted',
    'call.rejected',
    'call.ended',
    'call.missed',
    'label.edited',
    'label.assigned',
    'label.unassigned',
    'history.progress',
    'history.synced',
    'status.viewed',
    'account.restricted',
    'account.capped',
    'account.restored',
    'webhook.disabled',
  ],
};
