import { mexNotice } from '../mex/mex-notice.js';
import { notice } from '../network/notice.js';
import type { Pictures } from '../pictures/pictures.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { IqError } from '../world/refusal.js';
import type { LiveUpdates } from './live-updates.js';
import type { Newsletter, NewsletterSettings } from './newsletter.js';
import type { Newsletters } from './newsletters.js';

/** Runs newsletters: settings, admins, ownership, following and the end; tells everybody concerned. */
export class Editorship {
  constructor(
    private readonly core: Core,
    private readonly newsletters: Newsletters,
    private readonly live: LiveUpdates,
    private readonly pictures: Pictures,
  ) {}

  /** Changes settings. The admins get the older form of the news, followers the newer one; clients read both. */
  async configure(newsletter: Newsletter, settings: NewsletterSettings): Promise<void> {
    await this.setUp(newsletter, settings);
    const shown = this.shownSettings(newsletter, settings);
    const parts = ['name', 'description'].filter((part) => shown[part] !== undefined);
    const fields = parts.map((part) => stanza(part, {}, Buffer.from(String(shown[part]))));
    for (const follower of newsletter.followers.keys()) {
      const isAdmin = newsletter.roleOf(follower) !== 'SUBSCRIBER';
      if (isAdmin) this.tell(follower, newsletter, stanza('update', {}, [stanza('settings', {}, fields)]));
      else this.tellByMex(follower, newsletter, 'NotificationNewsletterUpdate', { settings: shown });
    }
  }

  /** Applies settings without telling anybody, as when a newsletter is new. */
  async setUp(newsletter: Newsletter, { picture, ...settings }: NewsletterSettings): Promise<void> {
    newsletter.configure(settings, this.newsletters.changeId());
    if (picture && picture.length > 0) await this.pictures.set(newsletter, picture);
    else if (picture) this.pictures.remove(newsletter);
  }

  promote(newsletter: Newsletter, user: Account): void {
    if (user === newsletter.owner || newsletter.admins.has(user)) throw new IqError(409, 'Conflict: already an admin');
    newsletter.admins.add(user);
    newsletter.followers.set(user, newsletter.followers.get(user) ?? { isMuted: false });
    for (const reader of newsletter.followers.keys())
      this.tellByMex(reader, newsletter, 'NotificationNewsletterAdminPromote', { user: user.jid('lid') });
  }

  demote(newsletter: Newsletter, by: Account, user: Account): void {
    // An admin may step down; only the owner can make others do so.
    if (user !== by) newsletter.mustBeOwnedBy(by);
    if (!newsletter.admins.delete(user)) throw new IqError(404, 'Not Found: not an admin');
    this.tellOfRole(newsletter, by, user, 'demote');
  }

  /** Hands the newsletter over to one of its admins; the former owner stays on as admin. */
  changeOwner(newsletter: Newsletter, by: Account, heir: Account): void {
    newsletter.mustBeOwnedBy(by);
    if (!newsletter.admins.delete(heir)) throw new IqError(400, 'Bad Request: the new owner must be an admin');
    newsletter.admins.add(by);
    newsletter.owner = heir;
    this.tellOfRole(newsletter, by, heir, 'promote');
    this.tellOfRole(newsletter, by, by, 'demote');
  }

  follow(newsletter: Newsletter, account: Account, via?: Companion): void {
    if (newsletter.followers.has(account)) return;
    newsletter.followers.set(account, { isMuted: false });
    this.tellByMex(account, newsletter, 'NotificationNewsletterJoin', {}, via);
  }

  unfollow(newsletter: Newsletter, account: Account, via?: Companion): void {
    newsletter.followerOf(account);
    if (account === newsletter.owner) throw new IqError(403, 'Forbidden: the owner cannot leave');
    newsletter.followers.delete(account);
    newsletter.admins.delete(account);
    this.tellByMex(account, newsletter, 'NotificationNewsletterLeave', {}, via);
  }

  mute(newsletter: Newsletter, account: Account, isMuted: boolean, via?: Companion): void {
    newsletter.followerOf(account).isMuted = isMuted;
    const settings = { mute: isMuted ? 'ON' : 'OFF' };
    this.tellByMex(account, newsletter, 'NotificationNewsletterUserSettingChange', { settings }, via);
  }

  /** Ends a newsletter; its address stays taken. */
  remove(newsletter: Newsletter, via?: Companion): void {
    newsletter.isDeleted = true;
    this.live.end(newsletter);
    const state = { type: 'DELETED' };
    for (const follower of newsletter.followers.keys())
      this.tellByMex(follower, newsletter, 'NotificationNewsletterStateChange', { state }, via);
    newsletter.empty();
    this.pictures.remove(newsletter);
  }

  private tellOfRole(newsletter: Newsletter, by: Account, user: Account, action: 'promote' | 'demote'): void {
    const role = newsletter.roleOf(user).toLowerCase();
    const change = stanza('participant', { jid: user.jid('lid'), action, role });
    for (const follower of newsletter.followers.keys()) this.tell(follower, newsletter, change, by);
  }

  private tell(reader: Account, { jid }: Newsletter, body: Stanza, by?: Account): void {
    for (const device of reader.devices.values())
      if (device instanceof Companion) {
        const attrs = { from: jid, type: 'newsletter', participant: by?.jid('lid') };
        device.push(notice(this.core, attrs, [body]));
      }
  }

  private tellByMex(reader: Account, { jid }: Newsletter, operation: string, change: object, via?: Companion): void {
    // Clients look for `updates`; `data` must be there, or they take the whole for a failure.
    const body = { operation, updates: [{ jid, ...change }], data: { newsletter: { id: jid, ...change } } };
    for (const device of reader.devices.values())
      if (device instanceof Companion && device !== via) device.push(mexNotice(this.core, operation, body, jid));
  }

  private shownSettings(newsletter: Newsletter, changed: NewsletterSettings): Record<string, unknown> {
    const picture = this.pictures.find(newsletter);
    return {
      name: changed.name,
      description: changed.description,
      ...(changed.picture && { picture: picture ? { id: picture.id, direct_path: picture.image.directPath } : null }),
      ...(changed.reactionCodes && { reaction_codes: { value: newsletter.reactionCodes } }),
    };
  }
}
