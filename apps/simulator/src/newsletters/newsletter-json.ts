import type { Account } from '../world/account.js';
import type { Newsletter } from './newsletter.js';

/** A newsletter as queries answer it to one reader; the service writes numbers as texts here. */
export function newsletterJson(newsletter: Newsletter, reader: Account): object {
  const { jid, name, nameId, description, descriptionId, picture, invite, createdAt } = newsletter;
  const image = (type: string) => ({ id: picture?.id ?? '', direct_path: picturePath(newsletter), type });
  return {
    id: jid,
    state: { type: 'ACTIVE' },
    thread_metadata: {
      creation_time: String(createdAt),
      name: { id: nameId, text: name, update_time: nameId },
      description: { id: descriptionId, text: description, update_time: descriptionId },
      handle: null,
      invite,
      picture: image('IMAGE'),
      preview: image('PREVIEW'),
      settings: { reaction_codes: { value: newsletter.reactionCodes } },
      subscribers_count: String(newsletter.followerCount),
      verification: 'UNVERIFIED',
    },
    viewer_metadata: {
      mute: newsletter.followers.get(reader)?.isMuted ? 'ON' : 'OFF',
      role: newsletter.roleOf(reader),
    },
  };
}

/** Where the picture lies on the media hosts; empty when there is none. */
export function picturePath({ jid, picture }: Newsletter): string {
  return picture ? `/v/newsletter/${jid.split('@')[0]}/${picture.id}.jpg` : '';
}
