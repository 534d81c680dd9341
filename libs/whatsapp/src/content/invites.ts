import { toJid, toWaId } from '../map/jid.js';
import { secondsOf, stated, timeOf } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

export const newsletterInvite: ContentKind<'newsletter-invite'> = {
  type: 'newsletter-invite',
  fields: ['newsletterAdminInviteMessage', 'newsletterFollowerInviteMessageV2'],
  write: ({ newsletterId, name, role, caption, expiresAt }, { thumbnail }) => {
    const body = { newsletterJid: toJid(newsletterId), newsletterName: name, caption, jpegThumbnail: thumbnail };
    if (role === 'follower') return { newsletterFollowerInviteMessageV2: body };
    const inviteExpiration = expiresAt === undefined ? undefined : secondsOf(expiresAt);
    return { newsletterAdminInviteMessage: { ...body, inviteExpiration } };
  },
  read: ({ newsletterAdminInviteMessage: admin, newsletterFollowerInviteMessageV2: follower }) => {
    const body = admin ?? follower;
    return {
      type: 'newsletter-invite',
      newsletterId: toWaId(body?.newsletterJid ?? ''),
      name: body?.newsletterName ?? '',
      role: admin ? 'admin' : 'follower',
      ...stated({ caption: body?.caption, expiresAt: timeOf(admin?.inviteExpiration) }),
    };
  },
};

export const groupInvite: ContentKind<'group-invite'> = {
  type: 'group-invite',
  fields: ['groupInviteMessage'],
  write: ({ groupId, name, code, caption, expiresAt }, { thumbnail }) => ({
    groupInviteMessage: {
      groupJid: toJid(groupId),
      groupName: name,
      inviteCode: code,
      caption,
      jpegThumbnail: thumbnail,
      inviteExpiration: expiresAt === undefined ? undefined : secondsOf(expiresAt),
    },
  }),
  read: ({ groupInviteMessage: body }) => ({
    type: 'group-invite',
    groupId: toWaId(body?.groupJid ?? ''),
    name: body?.groupName ?? '',
    code: body?.inviteCode ?? '',
    ...stated({ caption: body?.caption, expiresAt: timeOf(body?.inviteExpiration) }),
  }),
};
