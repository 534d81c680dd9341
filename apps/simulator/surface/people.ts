import { USyncQuery, USyncUser } from '@whiskeysockets/baileys';
import type { WACallEvent } from '@whiskeysockets/baileys';
import { control } from '../test-kit/baileys-client.js';
import type { Area, Exercise, Stage } from './area.js';

interface Described {
  about: string;
  privacy: Record<string, string>;
  blocked: string[];
  disappearingSeconds: number;
  presence: { type: string }[];
}

const accountOf = ({ world, me }: Stage) => world.get<Described>(`/accounts/${me.pn}`);
const change = ({ world }: Stage, pn: string, body: object) =>
  control(world.simulator, 'PATCH', `/accounts/${pn}`, body);

/** Sets a privacy category through the client and sees it on the service. */
const privacy =
  (category: string, value: string, update: (stage: Stage) => Promise<unknown>): Exercise =>
  async (stage) => {
    await update(stage);
    expect((await accountOf(stage)).privacy[category]).toBe(value);
    expect((await stage.me.socket.fetchPrivacySettings(true))[category]).toBe(value);
  };

/** Lets the friend call and gives the offer the client sees. */
async function rung({ world, me, friend }: Stage, order: object = {}): Promise<WACallEvent> {
  const { body } = await world.post<{ id: string }>(`/accounts/${friend.pn}/call`, { to: me.pn, ...order });
  const [call] = await me.event('call', ([one]) => one?.id === body.id && one.status === 'offer');
  if (!call) throw new Error('no call');
  return call;
}

/** Presence, profiles, privacy, lookups and calls. */
export const people: Area = {
  title: 'people',
  functions: {
    presenceSubscribe: async ({ world, me, friend }) => {
      await me.socket.presenceSubscribe(friend.jid);
      await world.post(`/accounts/${friend.pn}/presence`, { state: 'available' });
      const isOnline = (update: { presences: object }) => JSON.stringify(update.presences).includes('"available"');
      await me.event('presence.update', (update) => update.id === friend.jid && isOnline(update));
    },
    sendPresenceUpdate: async (stage) => {
      const { world, me, friend } = stage;
      await me.socket.sendPresenceUpdate('unavailable');
      await me.settle();
      expect((await accountOf(stage)).presence.at(-1)?.type).toBe('unavailable');
      await me.socket.sendPresenceUpdate('available');
      const other = await world.aClient().pair(world.aNumber());
      for (const [state, seen] of [
        ['composing', 'composing'],
        ['recording', 'recording'],
        ['paused', 'available'],
      ] as const) {
        await me.socket.sendPresenceUpdate(state, `${other.pn}@s.whatsapp.net`);
        await other.event('presence.update', ({ presences }) => JSON.stringify(presences).includes(`"${seen}"`));
      }
      expect(friend.pn).not.toBe(other.pn);
    },
    fetchStatus: async (stage) => {
      await change(stage, stage.friend.pn, { about: 'at the sea' });
      const [found] = (await stage.me.socket.fetchStatus(stage.friend.jid)) ?? [];
      expect(found?.status).toMatchObject({ status: 'at the sea' });
    },
    updateProfileStatus: async (stage) => {
      await stage.me.socket.updateProfileStatus('testing');
      expect((await accountOf(stage)).about).toBe('testing');
    },
    fetchDisappearingDuration: async (stage) => {
      await change(stage, stage.friend.pn, { disappearingSeconds: 604_800 });
      const [found] = (await stage.me.socket.fetchDisappearingDuration(stage.friend.jid)) ?? [];
      expect(found?.disappearing_mode).toMatchObject({ duration: 604_800 });
    },
    updateDefaultDisappearingMode: async (stage) => {
      await stage.me.socket.updateDefaultDisappearingMode(86_400);
      expect((await accountOf(stage)).disappearingSeconds).toBe(86_400);
      await stage.me.socket.updateDefaultDisappearingMode(0);
    },
    fetchBlocklist: async (stage) => {
      const { pn, lid } = await stage.world.aContact();
      await change(stage, stage.me.pn, { block: [pn] });
      expect(await stage.me.socket.fetchBlocklist()).toContain(`${lid}@lid`);
    },
    updateBlockStatus: async (stage) => {
      const { pn, lid } = await stage.world.aContact();
      await stage.me.sendText(pn, 'hello and goodbye');
      await stage.me.socket.updateBlockStatus(`${pn}@s.whatsapp.net`, 'block');
      expect((await accountOf(stage)).blocked).toContain(lid);
      await stage.me.socket.updateBlockStatus(`${pn}@s.whatsapp.net`, 'unblock');
      expect((await accountOf(stage)).blocked).not.toContain(lid);
    },
    fetchPrivacySettings: async ({ me }) => {
      const settings = await me.socket.fetchPrivacySettings(true);
      expect(Object.keys(settings).sort()).toEqual(
        ['calladd', 'groupadd', 'last', 'messages', 'online', 'profile', 'readreceipts', 'status'].sort(),
      );
    },
    updateLastSeenPrivacy: privacy('last', 'contacts', ({ me }) => me.socket.updateLastSeenPrivacy('contacts')),
    updateOnlinePrivacy: privacy('online', 'match_last_seen', ({ me }) =>
      me.socket.updateOnlinePrivacy('match_last_seen'),
    ),
    updateProfilePicturePrivacy: privacy('profile', 'none', ({ me }) => me.socket.updateProfilePicturePrivacy('none')),
    updateStatusPrivacy: privacy('status', 'contacts', ({ me }) => me.socket.updateStatusPrivacy('contacts')),
    updateReadReceiptsPrivacy: privacy('readreceipts', 'none', async ({ me }) => {
      await me.socket.updateReadReceiptsPrivacy('all');
      await me.socket.updateReadReceiptsPrivacy('none');
    }),
    updateGroupsAddPrivacy: privacy('groupadd', 'contacts', ({ me }) => me.socket.updateGroupsAddPrivacy('contacts')),
    updateCallPrivacy: privacy('calladd', 'all', async ({ me }) => {
      await me.socket.updateCallPrivacy('known');
      await me.socket.updateCallPrivacy('all');
    }),
    updateMessagesPrivacy: privacy('messages', 'contacts', ({ me }) => me.socket.updateMessagesPrivacy('contacts')),
    createCallLink: async ({ me }) => {
      const tokens = [
        await me.socket.createCallLink('audio'),
        await me.socket.createCallLink('video'),
        await me.socket.createCallLink('audio', { startTime: 1_900_000_000 }),
      ];
      expect(new Set(tokens).size).toBe(3);
      expect(tokens.every(Boolean)).toBe(true);
    },
    rejectCall: async (stage) => {
      const call = await rung(stage);
      await stage.me.socket.rejectCall(call.id, call.from);
      const { items } = await stage.world.get<{ items: { id: string; state: string }[] }>('/calls');
      expect(items.find(({ id }) => id === call.id)?.state).toBe('rejected');
    },
    onWhatsApp: async ({ me, friend }) => {
      const found = (await me.socket.onWhatsApp(friend.pn, '4999900000001')) ?? [];
      expect(found.filter(({ exists }) => exists)).toEqual([{ jid: friend.jid, exists: true }]);
    },
    executeUSyncQuery: async ({ me, friend }) => {
      const query = new USyncQuery()
        .withContactProtocol()
        .withLIDProtocol()
        .withStatusProtocol()
        .withDisappearingModeProtocol()
        .withDeviceProtocol()
        .withUser(new USyncUser().withPhone(`+${friend.pn}`));
      const [found] = (await me.socket.executeUSyncQuery(query))?.list ?? [];
      expect(found).toMatchObject({ id: friend.jid, contact: true, lid: `${friend.lid}@lid` });
    },
    getUSyncDevices: async ({ world, me }) => {
      const { pn } = await world.aContact({ devices: 3 });
      const devices = await me.socket.getUSyncDevices([`${pn}@s.whatsapp.net`], false, false);
      expect(devices.map(({ device }) => device).sort()).toEqual([0, 1, 2]);
    },
    issuePrivacyTokens: async ({ world, me }) => {
      const other = await world.aClient().pair(world.aNumber());
      await me.socket.issuePrivacyTokens([`${other.pn}@s.whatsapp.net`]);
      const notice = await world.get<{ xml: string }>(
        `/stanzas/wait?account=${other.pn}&direction=out&tag=notification&type=privacy_token`,
      );
      expect(notice.xml).toContain('trusted_contact');
    },
  },
  events: {
    'presence.update': async ({ world, me, friend }) => {
      await world.post(`/accounts/${friend.pn}/presence`, { state: 'recording', to: me.pn });
      await me.event('presence.update', ({ presences }) => JSON.stringify(presences).includes('recording'));
    },
    'blocklist.update': async (stage) => {
      const { pn, lid } = await stage.world.aContact();
      await change(stage, stage.me.pn, { block: [pn] });
      await stage.me.event(
        'blocklist.update',
        ({ blocklist, type }) => type === 'add' && blocklist.includes(`${lid}@lid`),
      );
    },
    'blocklist.set': {
      not: 'The library declares this event and never emits it: the whole list is only the answer of fetchBlocklist.',
    },
    call: async (stage) => {
      const { world, me } = stage;
      const { id, isVideo } = await rung(stage, { isVideo: true });
      expect(isVideo).toBe(true);
      await world.post(`/calls/${id}/signal`, { signal: 'relaylatency', latencyMs: 42 });
      await me.event('call', ([one]) => one?.id === id && one.status === 'relaylatency' && one.latencyMs === 42);
      await world.post(`/calls/${id}/signal`, { signal: 'timeout' });
      await me.event('call', ([one]) => one?.id === id && one.status === 'timeout');
      // A call that nobody took leaves a trace in the chat.
      await me.until(() => me.upserts.find(({ message }) => message.key.id === id && message.messageStubType));
    },
  },
};
