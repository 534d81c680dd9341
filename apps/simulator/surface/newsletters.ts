import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Area, Stage } from './area.js';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

interface Shown {
  jid: string;
  name: string;
  description: string;
  followers: number;
  hasPicture: boolean;
  owner: string;
  admins: string[];
  accounts: { pn: string; isMuted: boolean }[];
  posts: { serverId: number; reactions: Record<string, number> }[];
}

/** A newsletter of the client itself. */
async function ownNewsletter({ me }: Stage): Promise<string> {
  return (await me.socket.newsletterCreate('Harbour news', 'Ships and tides')).id;
}

/** A newsletter of the friend that the client follows. */
async function followedNewsletter({ world, me, friend }: Stage): Promise<string> {
  const { body } = await world.post<{ jid: string }>('/newsletters', { owner: friend.pn, name: 'Daily bread' });
  await me.socket.newsletterFollow(body.jid);
  return body.jid;
}

async function aPost({ world }: Stage, jid: string, text: string): Promise<number> {
  return (await world.post<{ serverId: number }>(`/newsletters/${jid}/posts`, { text })).body.serverId;
}

const show = ({ world }: Stage, jid: string) => world.get<Shown>(`/newsletters/${jid}`);

function childrenOf(node: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(node?.content) ? node.content : [];
}

/** Newsletters: the functions that start with `newsletter`, and their four events. */
export const newsletters: Area = {
  title: 'newsletters',
  functions: {
    newsletterCreate: async (stage) => {
      const created = await stage.me.socket.newsletterCreate('Harbour news', 'Ships and tides');
      expect(created).toMatchObject({ name: 'Harbour news', description: 'Ships and tides', subscribers: 1 });
      expect(await show(stage, created.id)).toMatchObject({ name: 'Harbour news', owner: stage.me.pn });
    },
    newsletterMetadata: async (stage) => {
      const jid = await ownNewsletter(stage);
      const known = await stage.me.socket.newsletterMetadata('jid', jid);
      expect(known).toMatchObject({ id: jid, thread_metadata: { name: { text: 'Harbour news' } } });
      const invite = (known as unknown as { thread_metadata: { invite: string } }).thread_metadata.invite;
      expect(await stage.me.socket.newsletterMetadata('invite', invite)).toMatchObject({ id: jid });
    },
    newsletterUpdate: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.me.socket.newsletterUpdate(jid, { name: 'Tides', description: 'Twice a day' });
      expect(await show(stage, jid)).toMatchObject({ name: 'Tides', description: 'Twice a day' });
    },
    newsletterUpdateName: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.me.socket.newsletterUpdateName(jid, 'Lighthouse');
      expect(await show(stage, jid)).toMatchObject({ name: 'Lighthouse', description: 'Ships and tides' });
    },
    newsletterUpdateDescription: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.me.socket.newsletterUpdateDescription(jid, 'Only ships');
      expect(await show(stage, jid)).toMatchObject({ name: 'Harbour news', description: 'Only ships' });
    },
    newsletterUpdatePicture: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.me.socket.newsletterUpdatePicture(jid, PICTURE);
      expect(await show(stage, jid)).toMatchObject({ hasPicture: true });
    },
    newsletterRemovePicture: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.me.socket.newsletterUpdatePicture(jid, PICTURE);
      await stage.me.socket.newsletterRemovePicture(jid);
      expect(await show(stage, jid)).toMatchObject({ hasPicture: false });
    },
    newsletterFollow: async (stage) => {
      const jid = await followedNewsletter(stage);
      await aPost(stage, jid, 'for followers');
      const { message } = await stage.me.received('for followers');
      expect(message.key.remoteJid).toBe(jid);
    },
    newsletterUnfollow: async (stage) => {
      const jid = await followedNewsletter(stage);
      await stage.me.socket.newsletterUnfollow(jid);
      expect((await show(stage, jid)).accounts).toEqual([{ pn: stage.friend.pn, isMuted: false }]);
    },
    newsletterMute: async (stage) => {
      const jid = await followedNewsletter(stage);
      await stage.me.socket.newsletterMute(jid);
      expect((await show(stage, jid)).accounts).toContainEqual({ pn: stage.me.pn, isMuted: true });
    },
    newsletterUnmute: async (stage) => {
      const jid = await followedNewsletter(stage);
      await stage.me.socket.newsletterMute(jid);
      await stage.me.socket.newsletterUnmute(jid);
      expect((await show(stage, jid)).accounts).toContainEqual({ pn: stage.me.pn, isMuted: false });
    },
    newsletterSubscribers: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.world.post(`/newsletters/${jid}/followers`, { count: 41 });
      expect(await stage.me.socket.newsletterSubscribers(jid)).toEqual({ subscribers: 42 });
    },
    newsletterAdminCount: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.world.post(`/newsletters/${jid}/admins`, { pn: stage.friend.pn });
      expect(await stage.me.socket.newsletterAdminCount(jid)).toBe(2);
    },
    newsletterChangeOwner: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.world.post(`/newsletters/${jid}/admins`, { pn: stage.friend.pn });
      await stage.me.socket.newsletterChangeOwner(jid, `${stage.friend.lid}@lid`);
      expect(await show(stage, jid)).toMatchObject({ owner: stage.friend.pn, admins: [stage.me.pn] });
    },
    newsletterDemote: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.world.post(`/newsletters/${jid}/admins`, { pn: stage.friend.pn });
      await stage.me.socket.newsletterDemote(jid, `${stage.friend.lid}@lid`);
      expect(await show(stage, jid)).toMatchObject({ admins: [] });
    },
    newsletterDelete: async (stage) => {
      const jid = await ownNewsletter(stage);
      await stage.me.socket.newsletterDelete(jid);
      expect(await show(stage, jid)).toMatchObject({ code: 'newsletter.gone' });
    },
    newsletterReactMessage: async (stage) => {
      const jid = await followedNewsletter(stage);
      const serverId = await aPost(stage, jid, 'like this');
      const reactions = async () => (await show(stage, jid)).posts[0]?.reactions;
      await stage.me.socket.newsletterReactMessage(jid, String(serverId), '👍');
      expect(await reactions()).toEqual({ '👍': 1 });
      await stage.me.socket.newsletterReactMessage(jid, String(serverId));
      expect(await reactions()).toEqual({});
    },
    newsletterFetchMessages: async (stage) => {
      const jid = await followedNewsletter(stage);
      const [first] = [
        await aPost(stage, jid, 'one'),
        await aPost(stage, jid, 'two'),
        await aPost(stage, jid, 'three'),
      ];
      const fetched = (await stage.me.socket.newsletterFetchMessages(jid, 1, 0, first)) as BinaryNode;
      const posts = childrenOf(childrenOf(fetched)[0]);
      expect(posts.map(({ attrs }) => attrs.server_id)).toEqual([String(first + 1)]);
    },
    subscribeNewsletterUpdates: async (stage) => {
      const jid = await followedNewsletter(stage);
      expect(await stage.me.socket.subscribeNewsletterUpdates(jid)).toEqual({ duration: '300' });
    },
  },
  events: {
    'newsletter.reaction': async (stage) => {
      const jid = await followedNewsletter(stage);
      const serverId = await aPost(stage, jid, 'react, please');
      await stage.me.socket.subscribeNewsletterUpdates(jid);
      await stage.world.post(`/newsletters/${jid}/reactions`, { serverId, emoji: '🎉', count: 7 });
      const { server_id, reaction } = await stage.me.event('newsletter.reaction', ({ id }) => id === jid);
      expect({ server_id, code: reaction.code }).toEqual({ server_id: String(serverId), code: '🎉' });
    },
    'newsletter.view': async (stage) => {
      const jid = await followedNewsletter(stage);
      const serverId = await aPost(stage, jid, 'look here');
      await stage.me.socket.subscribeNewsletterUpdates(jid);
      await stage.world.post(`/newsletters/${jid}/views`, { serverId, count: 1200 });
      const view = await stage.me.event('newsletter.view', ({ id }) => id === jid);
      expect(view).toEqual({ id: jid, server_id: String(serverId), count: 1200 });
    },
    'newsletter-participants.update': async (stage) => {
      const { me, world, friend } = stage;
      const jid = await ownNewsletter(stage);
      await world.post(`/newsletters/${jid}/admins`, { pn: friend.pn });
      const isMine = (action: string) => (update: { id: string; action: string }) =>
        update.id === jid && update.action === action;
      const promoted = await me.event('newsletter-participants.update', isMine('promote'));
      expect(promoted).toMatchObject({ user: `${friend.lid}@lid`, new_role: 'ADMIN' });
      await me.socket.newsletterDemote(jid, `${friend.lid}@lid`);
      const demoted = await me.event('newsletter-participants.update', isMine('demote'));
      expect(demoted).toMatchObject({ user: `${friend.lid}@lid`, new_role: 'subscriber' });
    },
    'newsletter-settings.update': async (stage) => {
      const jid = await followedNewsletter(stage);
      await stage.world.patch(`/newsletters/${jid}`, { name: 'Weekly bread' });
      const told = await stage.me.event('newsletter-settings.update', ({ id }) => id === jid);
      expect(told).toMatchObject({ update: { name: 'Weekly bread' } });
    },
  },
};
