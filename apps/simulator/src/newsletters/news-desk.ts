import { notice } from '../network/notice.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { LiveUpdates } from './live-updates.js';
import type { Newsletter } from './newsletter.js';
import type { Post } from './post.js';

/** How a post was changed, in the service's numbers. */
const edits = { edited: '3', deleted: '8' } as const;

/** Publishes posts and passes on what readers make of them. */
export class NewsDesk {
  constructor(
    private readonly core: Core,
    private readonly live: LiveUpdates,
  ) {}

  /** Publishes a post; every client of every follower gets it but the one that wrote it. */
  publish(newsletter: Newsletter, author: Account, draft: { id: string; type: string; body: Buffer }, via?: Device) {
    const post = newsletter.add(draft.id, author, draft.type, draft.body, this.core.clock.seconds());
    this.deliver(newsletter, post, via);
    return post;
  }

  edit(newsletter: Newsletter, post: Post, body: Buffer, via?: Device): void {
    post.edit(body, this.core.clock.seconds());
    this.deliver(newsletter, post, via, 'edited');
  }

  remove(newsletter: Newsletter, post: Post, via?: Device): void {
    post.remove(this.core.clock.seconds());
    this.deliver(newsletter, post, via, 'deleted');
  }

  /** A reader reacts, or with no emoji takes the reaction back. */
  react(newsletter: Newsletter, post: Post, reader: Account, emoji: string | undefined): void {
    if (emoji !== undefined) newsletter.mustAllow(emoji);
    post.reactedBy(reader, emoji);
    this.tellOfReaction(newsletter, post, emoji);
  }

  /** Readers who are no accounts here react. */
  crowdReacts(newsletter: Newsletter, post: Post, emoji: string, count: number): void {
    newsletter.mustAllow(emoji);
    post.reactedByCrowd(emoji, count);
    this.tellOfReaction(newsletter, post, emoji);
  }

  view(newsletter: Newsletter, post: Post, reader: Account): void {
    post.seenBy(reader);
    this.tellOfViews(newsletter, post);
  }

  crowdViews(newsletter: Newsletter, post: Post, count: number): void {
    post.crowdViews += count;
    this.tellOfViews(newsletter, post);
  }

  private tellOfReaction(newsletter: Newsletter, post: Post, emoji: string | undefined): void {
    post.changedAt = this.core.clock.seconds();
    const count = emoji === undefined ? 0 : (post.reactions.get(emoji) ?? 0);
    const given = emoji === undefined ? [] : [stanza('reaction', {}, Buffer.from(emoji))];
    this.tellWatchers(newsletter, stanza('reaction', { message_id: post.serverId, count }, given));
  }

  private tellOfViews(newsletter: Newsletter, post: Post): void {
    post.changedAt = this.core.clock.seconds();
    this.tellWatchers(newsletter, stanza('view', { message_id: post.serverId }, Buffer.from(String(post.views))));
  }

  private tellWatchers(newsletter: Newsletter, body: Stanza): void {
    for (const client of this.live.watching(newsletter))
      client.push(notice(this.core, { from: newsletter.jid, type: 'newsletter' }, [body]));
  }

  private deliver(newsletter: Newsletter, post: Post, via: Device | undefined, change?: keyof typeof edits): void {
    const edit = change && edits[change];
    for (const follower of newsletter.followers.keys())
      for (const device of follower.devices.values()) {
        if (!(device instanceof Companion) || device === via) continue;
        const isOwn = follower === post.author;
        device.push(isOwn ? this.ownCopy(newsletter, post, edit) : messageOf(newsletter, post, edit));
      }
  }

  /** An author's other clients get the post as something already known, not as news. */
  private ownCopy(newsletter: Newsletter, post: Post, edit: string | undefined): Stanza {
    const { id, serverId, postedAt, body } = post;
    const attrs = { message_id: id, server_id: serverId, t: postedAt, is_sender: 'true', edit };
    const message = stanza('message', attrs, [stanza('plaintext', {}, body)]);
    return notice(this.core, { from: newsletter.jid, type: 'newsletter' }, [message]);
  }
}

function messageOf({ jid }: Newsletter, post: Post, edit: string | undefined): Stanza {
  const { id, serverId, type, postedAt, editedAt, body } = post;
  const attrs = { from: jid, id, server_id: serverId, type, t: postedAt, edit };
  const meta = editedAt === undefined ? [] : [stanza('meta', { msg_edit_t: editedAt, original_msg_t: postedAt })];
  return stanza('message', attrs, [stanza('plaintext', {}, body), ...meta]);
}
