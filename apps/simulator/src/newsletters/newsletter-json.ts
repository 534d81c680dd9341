import type { Address } from '../media/media-store.js';
import type { Picture } from '../pictures/pictures.js';
import type { Account } from '../world/account.js';
import type { Newsletter } from './newsletter.js';

/** A newsletter as queries answer it to one reader; the service writes numbers as texts here. */
export function newsletterJson(newsletter: Newsletter, reader: Account, picture?: Picture): object {
  const { jid, name, nameId, description, descriptionId, invite, createdAt } = newsletter;
  const shown = (address: Address | undefined, type: string) => ({
    id: picture?.id ?? '',
    direct_path: address?.directPath ?? '',
    type,
  });
  return {
    id: jid,
    state: { type: 'ACTIVE' },
    thread_metadata: {
      creation_time: String(createdAt),
      name: { id: nameId, text: name, update_time: nameId },
      description: { id: descriptionId, text: description, update_time: descriptionId },
      handle: null,
      invite,
      picture: shown(picture?.image, 'IMAGE'),
      preview: shown(picture?.preview, 'PREVIEW'),
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
