import type { BinaryNode } from '@whiskeysockets/baileys';
import { encodeBinaryNode } from '@whiskeysockets/baileys';
import type { Area, Stage } from './area.js';

const SERVICE = '@s.whatsapp.net';

const ping = (id?: string): BinaryNode => ({
  tag: 'iq',
  attrs: { to: SERVICE, type: 'get', xmlns: 'w:p', ...(id ? { id } : {}) },
  content: [{ tag: 'ping', attrs: {} }],
});

interface Stanza {
  attrs: Record<string, string>;
  xml: string;
}

/** Takes one of the client's one-time keys, as a sender does who meets it for the first time. */
const keysOf = (pn: string): BinaryNode => ({
  tag: 'iq',
  attrs: { to: SERVICE, type: 'get', xmlns: 'encrypt' },
  content: [{ tag: 'key', attrs: {}, content: [{ tag: 'user', attrs: { jid: `${pn}:1@s.whatsapp.net` } }] }],
});

/** What the client sent, as the network saw it. */
const arrived = ({ world, me }: Stage, filter: string) =>
  world.get<Stanza>(`/stanzas/wait?account=${me.pn}&direction=in&${filter}`);

const lastSeq = async ({ world }: Stage) => (await world.get<{ lastSeq: number }>('/stanzas?limit=1')).lastSeq;

const stockOf = async ({ world, me }: Stage) => {
  const { devices } = await world.get<{ devices: { id: number; preKeys: number }[] }>(`/accounts/${me.pn}`);
  return devices.find(({ id }) => id === 1)?.preKeys ?? 0;
};

/** Holds the lock of a mutex until the returned function is called. */
async function hold(mutex: { mutex<T>(work: () => Promise<T> | T): Promise<T> }): Promise<() => void> {
  let letGo: () => void = () => undefined;
  await new Promise<void>((isHeld) => {
    void mutex.mutex(() => {
      isHeld();
      return new Promise<void>((resolve) => (letGo = resolve));
    });
  });
  return letGo;
}

/** The connection itself: queries, keys, linking, ending; and the members every other function rests on. */
export const core: Area = {
  title: 'the connection',
  functions: {
    query: async ({ me }) => {
      expect(await me.socket.query(ping())).toMatchObject({ tag: 'iq', attrs: { type: 'result', from: SERVICE } });
      const unknown = { tag: 'iq', attrs: { to: SERVICE, type: 'get', xmlns: 'w:nothing' } };
      await expect(me.socket.query(unknown)).rejects.toMatchObject({ data: 501 });
    },
    sendNode: async (stage) => {
      const id = stage.me.socket.generateMessageTag();
      await stage.me.socket.sendNode(ping(id));
      expect(await arrived(stage, `id=${id}`)).toMatchObject({ attrs: { xmlns: 'w:p' } });
    },
    sendRawMessage: async (stage) => {
      const id = stage.me.socket.generateMessageTag();
      await stage.me.socket.sendRawMessage(encodeBinaryNode(ping(id)));
      expect(await arrived(stage, `id=${id}`)).toMatchObject({ attrs: { xmlns: 'w:p' } });
    },
    waitForMessage: async ({ me }) => {
      const id = me.socket.generateMessageTag();
      const answer = me.socket.waitForMessage(id);
      await me.socket.sendNode(ping(id));
      expect(await answer).toMatchObject({ attrs: { id, type: 'result' } });
      expect(await me.socket.waitForMessage('never', 20)).toBeUndefined();
    },
    waitForSocketOpen: async ({ world }) => {
      const client = world.aClient().connect();
      expect(client.socket.ws.isOpen).toBe(false);
      await client.socket.waitForSocketOpen();
      expect(client.socket.ws.isOpen).toBe(true);
      await client.close();
      await expect(client.socket.waitForSocketOpen()).rejects.toMatchObject({ output: { statusCode: 428 } });
    },
    waitForConnectionUpdate: async ({ world }) => {
      const client = world.aClient().connect();
      await client.socket.waitForConnectionUpdate(async ({ qr }) => qr !== undefined);
      expect(client.qr).toContain('#2@');
    },
    generateMessageTag: async ({ me }) => {
      const tags = [me.socket.generateMessageTag(), me.socket.generateMessageTag()];
      expect(new Set(tags).size).toBe(2);
    },
    requestPairingCode: async ({ world }) => {
      const [client, pn] = [world.aClient().connect(), world.aNumber()];
      await client.until(() => client.qr);
      const code = await client.socket.requestPairingCode(pn);
      // The request is on its way: the network may hear of the code a moment after the client shows it.
      await world.get('/stanzas/wait?tag=iq&childTag=link_code_companion_reg&direction=in');
      expect(await world.post('/pair-code', { pn, code })).toMatchObject({ status: 200 });
      expect(await client.ended()).toEqual({ statusCode: 515 });
      await client.connect().opened();
      expect(client.pn).toBe(pn);
    },
    logout: async ({ world }) => {
      const client = await world.aClient().pair(world.aNumber());
      await client.socket.logout();
      expect(await client.ended()).toEqual({ statusCode: 401 });
      await world.get(`/stanzas/wait?account=${client.pn}&childTag=remove-companion-device&direction=in`);
      expect(await world.get(`/accounts/${client.pn}`)).toMatchObject({ devices: [{ id: 0 }] });
      expect(await client.connect().ended()).toEqual({ statusCode: 401 });
    },
    end: async ({ world }) => {
      const client = await world.aClient().pair(world.aNumber());
      await client.socket.end(undefined);
      expect(await client.ended()).toEqual({ statusCode: undefined });
      expect(await world.get(`/accounts/${client.pn}`)).toMatchObject({ connected: false });
    },
    registerSocketEndHandler: async ({ world }) => {
      const client = world.aClient().connect();
      await client.until(() => client.qr);
      const told = new Promise((resolve) =>
        client.socket.registerSocketEndHandler(async (error) => resolve(error?.message)),
      );
      await client.socket.end(new Error('enough'));
      expect(await told).toBe('enough');
    },
    onUnexpectedError: async ({ me }) => {
      me.socket.onUnexpectedError(new Error('nothing'), 'an exercise');
      // It only writes to the log: the connection lives on.
      expect(await me.socket.query(ping())).toMatchObject({ attrs: { type: 'result' } });
    },
    uploadPreKeys: async (stage) => {
      const before = await stockOf(stage);
      await stage.me.socket.uploadPreKeys(7);
      expect(await stockOf(stage)).toBe(before + 7);
    },
    uploadPreKeysToServerIfRequired: async (stage) => {
      const before = await stockOf(stage);
      await stage.me.socket.uploadPreKeysToServerIfRequired();
      expect(await stockOf(stage)).toBe(before);
      for (let n = before; n > 5; n--) await stage.me.socket.query(keysOf(stage.me.pn));
      await stage.me.socket.uploadPreKeysToServerIfRequired();
      expect(await stockOf(stage)).toBeGreaterThan(5);
    },
    digestKeyBundle: async (stage) => {
      const since = await lastSeq(stage);
      await stage.me.socket.digestKeyBundle();
      expect(await arrived(stage, `since=${since}&childTag=digest`)).toMatchObject({ attrs: { xmlns: 'encrypt' } });
    },
    rotateSignedPreKey: async (stage) => {
      const { me, world, friend } = stage;
      const before = me.creds.signedPreKey.keyId;
      await me.socket.rotateSignedPreKey();
      await me.until(() => me.creds.signedPreKey.keyId === before + 1);
      await world.post(`/accounts/${friend.pn}/send`, { to: me.pn, text: 'after the rotation' });
      await me.received('after the rotation');
    },
    updateServerTimeOffset: async (stage) => {
      const { socket } = stage.me;
      const week = 7 * 24 * 3600 * 1000;
      const t = Math.floor(Date.now() / 1000) + 100_000;
      socket.updateServerTimeOffset({ tag: 'success', attrs: { t: String(t) } });
      const since = await lastSeq(stage);
      await socket.sendUnifiedSession();
      const { xml } = await arrived(stage, `since=${since}&childTag=unified_session`);
      const session = Number(/unified_session id="(\d+)/.exec(xml)?.[1]);
      // The number counts milliseconds of the week, three days ahead of the service's time.
      const expected = (t * 1000 + 3 * 24 * 3600 * 1000) % week;
      expect(Math.abs(session - expected)).toBeLessThan(10_000);
    },
    sendUnifiedSession: async (stage) => {
      const since = await lastSeq(stage);
      await stage.me.socket.sendUnifiedSession();
      expect(await arrived(stage, `since=${since}&childTag=unified_session`)).toMatchObject({ attrs: {} });
    },
    wamBuffer: async ({ me }) => {
      expect(me.socket.wamBuffer).toMatchObject({ protocolVersion: 5, events: [] });
    },
    sendWAMBuffer: async (stage) => {
      const since = await lastSeq(stage);
      expect(await stage.me.socket.sendWAMBuffer(Buffer.from('WAM\x05'))).toMatchObject({ attrs: { type: 'result' } });
      expect(await arrived(stage, `since=${since}&childTag=add`)).toMatchObject({ attrs: { xmlns: 'w:stats' } });
    },
    serverProps: async (stage) => {
      const since = await lastSeq(stage);
      const client = await stage.world.aClient().pair(stage.world.aNumber());
      await stage.world.get(`/stanzas/wait?account=${client.pn}&direction=in&childTag=props&since=${since}`);
      expect(client.socket.serverProps).toMatchObject({ privacyTokenOn1to1: expect.any(Boolean) as boolean });
    },
    ws: async ({ me }) => {
      const frame = new Promise((resolve) => me.socket.ws.once('frame', resolve));
      await me.socket.sendNode(ping(me.socket.generateMessageTag()));
      expect(await frame).toMatchObject({ tag: 'iq' });
      expect(me.socket.ws.isOpen).toBe(true);
    },
    ev: async ({ me }) => {
      const seen = new Promise((resolve) => me.socket.ev.process((events) => resolve(events['presence.update'])));
      me.socket.ev.emit('presence.update', { id: 'x', presences: {} });
      expect(await seen).toEqual({ id: 'x', presences: {} });
    },
    authState: async ({ me }) => {
      expect(me.socket.authState.creds.me?.id).toBe(`${me.pn}:1@s.whatsapp.net`);
      const newest = String(me.creds.nextPreKeyId - 1);
      expect(await me.socket.authState.keys.get('pre-key', [newest])).toHaveProperty(newest);
    },
    signalRepository: async ({ me, friend }) => {
      const id = await me.sendText(friend.pn, 'teaches the mapping');
      await me.reached(id, 3);
      const { lidMapping } = me.socket.signalRepository;
      expect(await lidMapping.getLIDForPN(friend.jid)).toBe(`${friend.lid}@lid`);
      const session = await me.socket.signalRepository.validateSession(`${friend.lid}@lid`);
      expect(session).toMatchObject({ exists: true });
    },
    type: async ({ me }) => expect(me.socket.type).toBe('md'),
    logger: async ({ me }) => expect(me.socket.logger.level).toBe('silent'),
    user: async ({ me }) => {
      // A snapshot of the moment the socket was made, which for this one was after linking.
      expect(me.socket.user).toMatchObject({ id: `${me.pn}:1@s.whatsapp.net` });
    },
    receiptMutex: async ({ world, me, friend }) => {
      const id = await me.sendText(friend.pn, 'ticks wait for the lock');
      await me.reached(id, 3);
      const letGo = await hold(me.socket.receiptMutex);
      const late = await me.sendText(friend.pn, 'no tick yet');
      await world.get(`/stanzas/wait?account=${me.pn}&direction=out&tag=receipt&id=${late}`);
      await me.settle();
      expect(me.statusOf(late)).toBeLessThan(3);
      letGo();
      await me.reached(late, 3);
    },
    notificationMutex: async ({ world, me }) => {
      const letGo = await hold(me.socket.notificationMutex);
      const work = me.socket.notificationMutex.mutex(async () => 'done');
      const first = await Promise.race([work, world.get('/health')]);
      expect(first).toEqual({ status: 'ok' });
      letGo();
      expect(await work).toBe('done');
    },
  },
  events: {
    'connection.update': async ({ world }) => {
      const client = world.aClient().connect();
      const pn = world.aNumber();
      const seen = (field: string, value?: unknown) =>
        client.event('connection.update', (update) => {
          const found = (update as Record<string, unknown>)[field];
          return value === undefined ? found !== undefined : found === value;
        });
      await seen('connection', 'connecting');
      const { qr } = await seen('qr');
      await world.post('/pair', { pn, qr });
      await seen('isNewLogin', true);
      expect((await seen('lastDisconnect')).lastDisconnect?.error).toMatchObject({ output: { statusCode: 515 } });
      await client.connect().opened();
      await seen('connection', 'open');
      await seen('receivedPendingNotifications', true);
      client.socket.ev.emit('creds.update', { me: { ...client.creds.me, id: client.creds.me?.id ?? '', name: 'Kim' } });
      await client.socket.sendPresenceUpdate('available');
      await seen('isOnline', true);
      await client.socket.fetchAccountReachoutTimelock();
      await seen('reachoutTimeLock');
      await client.close();
      await seen('connection', 'close');
    },
    'creds.update': async ({ world, me }) => {
      await world.post(`/connections/${me.pn}/bulletin`, { kind: 'edgeRouting' });
      await me.event('creds.update', ({ routingInfo }) => routingInfo);
      expect(me.creds.routingInfo).toEqual(Buffer.from([8, 13, 8, 5]));
    },
  },
};
