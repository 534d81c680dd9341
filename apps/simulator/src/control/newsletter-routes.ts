import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Newsletter, NewsletterSettings, ReactionCodes } from '../newsletters/newsletter.js';
import type { Post } from '../newsletters/post.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { isoOf } from '../world/clock.js';
import { asPerson } from './as-person.js';
import { flag, pnSchema, strictObject } from './schemas.js';
import { messageToJson } from './message-json.js';
import { postMessage, postSchema } from './newsletter-posts.js';
import type { PostOrder } from './newsletter-posts.js';
import type { Stage } from './stage.js';

type At = { Params: { jid: string } };
type AtPost = { Params: { jid: string; serverId: number } };

interface SettingsOrder {
  name?: string;
  description?: string;
  /** JPEG in base64; empty removes the picture. */
  picture?: string;
  reactions?: ReactionCodes;
}

const tags = ['newsletters'];
const settings = {
  name: { type: 'string' },
  description: { type: 'string' },
  picture: { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' },
  reactions: { enum: ['ALL', 'BASIC', 'NONE'] },
};
const serverId = { type: 'integer', minimum: 1 };
const count = { type: 'integer', minimum: 1, maximum: 100_000_000 };
const params = strictObject({ jid: { type: 'string' } });
const postParams = strictObject({ jid: { type: 'string' }, serverId });

/** Newsletters: creating and running them on behalf of their owners, posting, and what their readers do. */
export function newsletterRoutes(app: FastifyInstance, stage: Stage): void {
  const body = strictObject({ owner: pnSchema, ...settings }, ['owner', 'name']);
  const created = { schema: { summary: 'Create a newsletter', tags, body } };
  app.post<{ Body: SettingsOrder & { owner: string; name: string } }>(
    '/newsletters',
    created,
    async ({ body }, reply) => {
      const { owner, name, picture, ...rest } = body;
      const { newsletters, editorship } = stage.current;
      const newsletter = await asPerson('newsletter', async () => {
        const founded = newsletters.create(stage.account(owner), { ...settingsOf(rest), name });
        await editorship
          .setUp(founded, settingsOf(picture === undefined ? {} : { picture }))
          .catch((error: unknown) => {
            editorship.remove(founded);
            throw error;
          });
        return founded;
      });
      return reply.status(201).send(summary(newsletter));
    },
  );
  app.get('/newsletters', { schema: { summary: 'List newsletters', tags } }, () => ({
    items: stage.current.newsletters.all.map(summary),
  }));
  const shown = { schema: { summary: 'A newsletter with its people and posts', tags, params } };
  app.get<At>('/newsletters/:jid', shown, (request) => describe(stage, find(stage, request)));
  const changed = { schema: { summary: 'Change settings', tags, params, body: strictObject(settings) } };
  app.patch<At & { Body: SettingsOrder }>('/newsletters/:jid', changed, async (request) => {
    const newsletter = find(stage, request);
    await asPerson('newsletter', () => stage.current.editorship.configure(newsletter, settingsOf(request.body)));
    return summary(newsletter);
  });
  const ended = { schema: { summary: 'Delete a newsletter', tags, params } };
  app.delete<At>('/newsletters/:jid', ended, (request, reply) => {
    stage.current.editorship.remove(find(stage, request));
    return reply.status(204).send();
  });
  postRoutes(app, stage);
  readerRoutes(app, stage);
  const seconds = { type: 'integer', minimum: 1, maximum: 86_400 };
  const lasting = strictObject({ seconds }, ['seconds']);
  const timed = { schema: { summary: 'How long clients hear of views and reactions', tags, body: lasting } };
  app.put<{ Body: { seconds: number } }>('/newsletters/live-updates', timed, ({ body: { seconds } }) => {
    stage.current.liveUpdates.seconds = seconds;
    return { seconds };
  });
}

function postRoutes(app: FastifyInstance, stage: Stage): void {
  const published = { schema: { summary: 'Publish a post', tags, params, body: postSchema } };
  app.post<At & { Body: PostOrder }>('/newsletters/:jid/posts', published, (request, reply) => {
    const newsletter = find(stage, request);
    const { newsDesk, seed } = stage.current;
    const author = request.body.by === undefined ? newsletter.owner : stage.account(request.body.by);
    asPerson('newsletter', () => newsletter.mustBeRunBy(author));
    const draft = { id: seed.messageId(author.pn), ...postMessage(request.body) };
    return reply.status(201).send(describePost(newsDesk.publish(newsletter, author, draft)));
  });
  const edited = { schema: { summary: 'Edit a post', tags, params: postParams, body: postSchema } };
  app.patch<AtPost & { Body: PostOrder }>('/newsletters/:jid/posts/:serverId', edited, (request) => {
    const newsletter = find(stage, request);
    const post = asPerson('post', () => newsletter.post(request.params.serverId));
    stage.current.newsDesk.edit(newsletter, post, postMessage(request.body).body);
    return describePost(post);
  });
  const removed = { schema: { summary: 'Delete a post', tags, params: postParams } };
  app.delete<AtPost>('/newsletters/:jid/posts/:serverId', removed, (request, reply) => {
    const newsletter = find(stage, request);
    const post = asPerson('post', () => newsletter.post(request.params.serverId));
    stage.current.newsDesk.remove(newsletter, post);
    return reply.status(204).send();
  });
}

function readerRoutes(app: FastifyInstance, stage: Stage): void {
  const who = { by: pnSchema, count };
  const seen = strictObject({ serverId, ...who }, ['serverId']);
  const viewed = { schema: { summary: 'Somebody, or many, view a post', tags, params, body: seen } };
  app.post<At & { Body: Reading }>('/newsletters/:jid/views', viewed, (request) => {
    const { newsletter, post, by, count: many = 1 } = reading(stage, request);
    const { newsDesk } = stage.current;
    if (by) newsDesk.view(newsletter, post, by);
    else newsDesk.crowdViews(newsletter, post, many);
    return describePost(post);
  });
  const emoji = { type: 'string', minLength: 1, maxLength: 32 };
  const reaction = strictObject({ serverId, emoji, ...who }, ['serverId', 'emoji']);
  const reacted = { schema: { summary: 'Somebody, or many, react to a post', tags, params, body: reaction } };
  app.post<At & { Body: Reading & { emoji: string } }>('/newsletters/:jid/reactions', reacted, (request) => {
    const { newsletter, post, by, count: many = 1 } = reading(stage, request);
    const { newsDesk } = stage.current;
    asPerson('newsletter', () => {
      if (by) newsDesk.react(newsletter, post, by, request.body.emoji);
      else newsDesk.crowdReacts(newsletter, post, request.body.emoji, many);
    });
    return describePost(post);
  });
  const followed = {
    schema: { summary: 'Somebody, or many, follow', tags, params, body: strictObject({ pn: pnSchema, count }) },
  };
  app.post<At & { Body: { pn?: string; count?: number } }>('/newsletters/:jid/followers', followed, (request) => {
    const newsletter = find(stage, request);
    const { pn, count: many = 0 } = request.body;
    if (pn !== undefined) stage.current.editorship.follow(newsletter, stage.account(pn));
    newsletter.crowd += many;
    return summary(newsletter);
  });
  followerRoutes(app, stage);
  const promoted = {
    schema: { summary: 'Make somebody an admin', tags, params, body: strictObject({ pn: pnSchema }, ['pn']) },
  };
  app.post<At & { Body: { pn: string } }>('/newsletters/:jid/admins', promoted, (request) => {
    const newsletter = find(stage, request);
    asPerson('newsletter', () => stage.current.editorship.promote(newsletter, stage.account(request.body.pn)));
    return summary(newsletter);
  });
}

type AtFollower = { Params: { jid: string; pn: string } };

function followerRoutes(app: FastifyInstance, stage: Stage): void {
  const follower = strictObject({ jid: { type: 'string' }, pn: pnSchema });
  const muted = {
    schema: {
      summary: 'Mute it on the phone of a follower, or unmute it',
      tags,
      params: follower,
      body: strictObject({ isMuted: flag }, ['isMuted']),
    },
  };
  app.patch<AtFollower & { Body: { isMuted: boolean } }>('/newsletters/:jid/followers/:pn', muted, (request) => {
    const [newsletter, account] = [find(stage, request), stage.account(request.params.pn)];
    asPerson('newsletter', () => stage.current.editorship.mute(newsletter, account, request.body.isMuted));
    return summary(newsletter);
  });
  const left = { schema: { summary: 'Somebody follows no longer', tags, params: follower } };
  app.delete<AtFollower>('/newsletters/:jid/followers/:pn', left, (request) => {
    const [newsletter, account] = [find(stage, request), stage.account(request.params.pn)];
    asPerson('newsletter', () => stage.current.editorship.unfollow(newsletter, account));
    return summary(newsletter);
  });
  const watched = {
    schema: { summary: 'Clients look at it', tags, params, body: strictObject({ pn: pnSchema }, ['pn']) },
  };
  app.post<At & { Body: { pn: string } }>('/newsletters/:jid/watchers', watched, (request) => {
    const newsletter = find(stage, request);
    for (const device of stage.account(request.body.pn).devices.values())
      if (device instanceof Companion) stage.current.liveUpdates.subscribe(device, newsletter);
    return summary(newsletter);
  });
}

interface Reading {
  serverId: number;
  by?: string;
  count?: number;
}

function reading(stage: Stage, request: FastifyRequest<At & { Body: Reading }>) {
  const { serverId: wanted, by, count: many } = request.body;
  if (by !== undefined && many !== undefined) throw new Problem(400, 'request.invalid', 'Give either "by" or "count".');
  const newsletter = find(stage, request);
  const post = asPerson('post', () => newsletter.post(wanted));
  return { newsletter, post, by: by === undefined ? undefined : stage.account(by), count: many };
}

function find(stage: Stage, { params: { jid } }: { params: At['Params'] }): Newsletter {
  return asPerson('newsletter', () => stage.current.newsletters.get(jid));
}

function settingsOf({ name, description, picture, reactions }: SettingsOrder): NewsletterSettings {
  const bytes = picture === undefined ? undefined : Buffer.from(picture, 'base64');
  return { name, description, picture: bytes, reactionCodes: reactions };
}

function summary(newsletter: Newsletter) {
  const { jid, invite: inviteCode, name, description, owner, followerCount, reactionCodes } = newsletter;
  return { jid, inviteCode, name, description, owner: owner.pn, followers: followerCount, reactions: reactionCodes };
}

function describe(stage: Stage, newsletter: Newsletter) {
  const { admins, followers, posts } = newsletter;
  const picture = stage.current.pictures.pictures.find(newsletter);
  return {
    ...summary(newsletter),
    hasPicture: picture !== undefined,
    pictureUrl: picture?.image.url ?? null,
    admins: [...admins].map(({ pn }) => pn),
    accounts: [...followers].map(([{ pn }, { isMuted }]) => ({ pn, isMuted })),
    posts: posts.map(describePost),
  };
}

function describePost(post: Post) {
  const { serverId: number, id, type, body, postedAt, editedAt, isDeleted, views, reactions, author } = post;
  return {
    serverId: number,
    id,
    type,
    author: author.pn,
    message: messageToJson(proto.Message.decode(body)),
    postedAt: isoOf(postedAt),
    editedAt: editedAt === undefined ? null : isoOf(editedAt),
    isDeleted,
    views,
    reactions: Object.fromEntries(reactions),
  };
}
