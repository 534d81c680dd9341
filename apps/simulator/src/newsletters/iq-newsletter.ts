import type { IqRouter } from '../routes/iq-router.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import { IqError } from '../world/refusal.js';
import type { LiveUpdates } from './live-updates.js';
import type { Newsletters } from './newsletters.js';
import type { Post } from './post.js';

const MAX_POSTS = 100;

/** Reading the posts of a newsletter, asking to hear of their views and reactions for a while, accepting the terms. */
export function routeNewsletters(router: IqRouter, core: Core, newsletters: Newsletters, live: LiveUpdates): void {
  router.on('get newsletter message_updates', ({ account }, body, iq) => {
    const newsletter = newsletters.get(iq.attrs.to ?? '');
    const posts = selected(newsletter.posts, body.attrs).map((post) => describe(post, account));
    return [stanza('message_updates', { t: core.clock.seconds(), jid: newsletter.jid }, posts)];
  });
  router.on('get newsletter messages', ({ account }, { attrs }) => {
    const isInvite = attrs.type === 'invite';
    const newsletter = isInvite ? newsletters.withInvite(attrs.key ?? '') : newsletters.get(attrs.jid ?? '');
    const posts = pageOf(newsletter.posts, attrs).map((post) => describe(post, account));
    return [stanza('messages', { t: core.clock.seconds(), jid: newsletter.jid }, posts)];
  });
  router.on('set tos notice', (_from, { attrs }) => {
    if (!attrs.id || !attrs.stage) throw new IqError(400, 'bad-request');
  });
  router.on('set newsletter live_updates', (from, _body, iq) => {
    live.subscribe(from, newsletters.get(iq.attrs.to ?? ''));
    return [stanza('live_updates', { duration: live.seconds })];
  });
}

/** The latest posts, or the latest before one. */
function pageOf(posts: Post[], { count, before }: Stanza['attrs']): Post[] {
  const older = before === undefined ? posts : posts.filter(({ serverId }) => serverId < Number(before));
  const limit = limitOf(count);
  return limit === 0 ? [] : older.slice(-limit);
}

const limitOf = (count: string | undefined) => Math.min(Math.max(Math.trunc(Number(count)) || 0, 0), MAX_POSTS);

/** Changed since a moment; with `after` the ones that follow a post, otherwise the latest. */
function selected(posts: Post[], { count, since = '0', after }: Stanza['attrs']): Post[] {
  const limit = limitOf(count);
  const changed = posts.filter(({ changedAt }) => changedAt >= Number(since));
  if (after !== undefined) return changed.filter(({ serverId }) => serverId > Number(after)).slice(0, limit);
  return limit === 0 ? [] : changed.slice(-limit);
}

function describe(post: Post, reader: Account): Stanza {
  const { id, serverId, type, postedAt, body, isDeleted, editedAt } = post;
  const isSender = post.author === reader ? 'true' : undefined;
  const edit = isDeleted ? '8' : editedAt && '3';
  const counts = [...post.reactions].map(([code, count]) => stanza('reaction', { code, count }));
  const content = [stanza('plaintext', {}, body), stanza('views_count', { count: post.views })];
  if (counts.length > 0) content.push(stanza('reactions', {}, counts));
  return stanza('message', { id, server_id: serverId, type, t: postedAt, is_sender: isSender, edit }, content);
}
