import type {
  ContactBlockedData,
  ContactPresenceData,
  ContactUpdatedData,
} from '@app/platform/events/data/contact-data.js';
import type { CallData } from '@app/platform/events/data/call-data.js';
import type {
  NewsletterJoinedData,
  NewsletterLeftData,
  NewsletterLiveData,
  NewsletterMutedData,
} from '@app/platform/events/data/newsletter-data.js';
import type {
  GroupCreatedData,
  GroupLeftData,
  GroupParticipantsData,
  GroupUpdatedData,
} from '@app/platform/events/data/group-data.js';
import { tell } from './digigo-envelope.js';
import { jidOf, jidOrNull, on, type Told, type Writer } from './event-format.js';

type News = Record<string, Writer>;

const picture = (told: Told, jid: string, change: string, author: string | null = null) =>
  tell(told, 'Picture', {
    JID: jid,
    Author: author ?? '',
    Timestamp: told.event.timestamp,
    Remove: change === 'removed',
  });

/** What is new about people. */
export const contactNews: News = {
  'contact.updated': on<ContactUpdatedData>(({ person, changes }, told) => {
    const jid = jidOf(person.waId);
    if (changes.picture !== undefined) return picture(told, jid, changes.picture);
    if (changes.about === undefined) return null;
    return tell(told, 'UserAbout', { JID: jid, Status: changes.about, Timestamp: told.event.timestamp });
  }),
  'contact.presence': on<ContactPresenceData>(({ person, state, lastSeenAt }, told) =>
    tell(told, 'Presence', {
      From: jidOf(person.waId),
      Unavailable: state === 'unavailable',
      LastSeen: lastSeenAt,
    }),
  ),
  'contact.blocked': on<ContactBlockedData>(({ person, isBlocked }, told) =>
    tell(told, 'BlocklistChange', { JID: jidOf(person.waId), Action: isBlocked ? 'block' : 'unblock' }),
  ),
};

const lists: Record<string, string> = {
  added: 'Join',
  joined: 'Join',
  removed: 'Leave',
  left: 'Leave',
  promoted: 'Promote',
  demoted: 'Demote',
};

/** What is new about groups. */
export const groupNews: News = {
  'group.created': on<GroupCreatedData>(({ chatId, group, participants, how }, told) =>
    tell(told, 'JoinedGroup', {
      Reason: how,
      JID: chatId,
      Name: group.subject ?? '',
      Topic: group.description ?? '',
      Participants: participants.map(({ waId, role }) => ({
        JID: jidOf(waId),
        IsAdmin: role !== 'member',
        IsSuperAdmin: role === 'superadmin',
      })),
    }),
  ),
  'group.left': on<GroupLeftData>(({ chatId, reason }, told) =>
    tell(told, 'JoinedGroup', { Reason: reason, JID: chatId }),
  ),
  'group.updated': on<GroupUpdatedData>(({ chatId, by, at, changes }, told) => {
    const sender = jidOrNull(by?.waId);
    if (changes.picture !== undefined) return picture(told, chatId, changes.picture, sender);
    const { subject, description, isAnnouncement, isLocked, disappearingSeconds } = changes;
    return tell(told, 'GroupInfo', {
      JID: chatId,
      Sender: sender,
      Timestamp: at,
      Name: subject === undefined ? null : { Name: subject },
      Topic: description === undefined ? null : { Topic: description ?? '', TopicDeleted: description === null },
      Announce: isAnnouncement === undefined ? null : { IsAnnounce: isAnnouncement },
      Locked: isLocked === undefined ? null : { IsLocked: isLocked },
      Ephemeral:
        disappearingSeconds === undefined
          ? null
          : { IsEphemeral: disappearingSeconds > 0, DisappearingTimer: disappearingSeconds },
    });
  }),
  'group.participants': on<GroupParticipantsData>(({ chatId, by, at, change, participants }, told) => {
    const list = lists[change];
    const people = participants.map(({ waId }) => jidOf(waId));
    const what = { JID: chatId, Sender: jidOrNull(by?.waId), Timestamp: at };
    return list === undefined ? null : tell(told, 'GroupInfo', { ...what, [list]: people });
  }),
};

/** What is new about newsletters. */
export const newsletterNews: News = {
  'newsletter.joined': on<NewsletterJoinedData>(({ chatId, newsletter }, told) =>
    tell(told, 'NewsletterJoin', { ID: chatId, ThreadMeta: { Name: { Text: newsletter.name ?? '' } } }),
  ),
  'newsletter.left': on<NewsletterLeftData>(({ chatId }, told) => tell(told, 'NewsletterLeave', { ID: chatId })),
  'newsletter.muted': on<NewsletterMutedData>(({ chatId, isMuted }, told) =>
    tell(told, 'NewsletterMuteChange', { ID: chatId, Mute: isMuted ? 'on' : 'off' }),
  ),
  'newsletter.live': on<NewsletterLiveData>(({ chatId, at, posts }, told) =>
    tell(told, 'NewsletterLiveUpdate', {
      JID: chatId,
      Time: at,
      Messages: posts.map(({ serverId, views, reactions }) => ({
        MessageServerID: Number(serverId),
        ViewsCount: views ?? 0,
        ReactionCounts: reactions,
      })),
    }),
  ),
};

const call = (type: string, reason?: string) =>
  on<CallData>(({ callId, caller, groupId, at }, told) =>
    tell(told, type, {
      From: jidOf(caller.waId),
      CallCreator: jidOf(caller.waId),
      CallID: callId,
      Timestamp: at,
      ...(groupId !== null && { GroupJID: groupId }),
      ...(reason !== undefined && { Reason: reason }),
    }),
  );

/** What happens to calls. */
export const callNews: News = {
  'call.offered': call('CallOffer'),
  'call.accepted': call('CallAccept'),
  'call.rejected': call('CallTerminate', 'rejected'),
  'call.missed': call('CallTerminate', 'timeout'),
  'call.ended': call('CallTerminate', 'ended'),
};
