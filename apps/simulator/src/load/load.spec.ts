import { useSimulator } from '../../test-kit/use-simulator.js';
import { ZapoClient } from '../../test-kit/zapo-client.js';
import { Clock } from '../world/clock.js';

interface Described {
  id: string;
  state: string;
  sent: number;
  delivered: number;
  seconds: number;
}

describe('load', () => {
  const world = useSimulator();
  const sinks = async (count: number) => {
    const { body } = await world.post<{ items: { pn: string }[] }>('/accounts', { count, behaviour: 'sink' });
    return body.items.map(({ pn }) => pn);
  };
  const start = async (order: object) => (await world.post<Described>('/load', order)).body;
  const look = (id: string) => world.get<Described>(`/load/${id}`);
  const textsOf = (client: ReturnType<typeof world.aClient>) =>
    client.upserts.map(({ message }) => message.message?.conversation).filter(Boolean);

  it('reaches a Baileys client that can read every message, in the order of its sender', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const from = await sinks(3);
    const texts = Array.from({ length: 120 }, (_, n) => `number ${n}`);
    const { id } = await start({ from, to: [client.pn], count: 120, texts });
    await client.until(() => textsOf(client).length === 120);
    for (const [turn, pn] of from.entries()) {
      const own = client.upserts.filter(({ message }) => message.key.remoteJid?.startsWith(pn));
      expect(own.map(({ message }) => message.message?.conversation)).toEqual(
        texts.filter((_, n) => n % from.length === turn),
      );
    }
    await client.settle();
    expect(await look(id)).toMatchObject({ state: 'done', sent: 120, delivered: 120 });
  });

  it('reaches a client of the other library', async () => {
    const zapo = await new ZapoClient(world.simulator).pair(world.aNumber());
    await start({ from: await sinks(2), to: [zapo.pn], count: 40, texts: ['for zapo'] });
    await zapo.until(() => zapo.events.filter(({ name }) => name === 'message').length === 40);
    expect(zapo.complaints.filter((line) => line.includes('decrypt'))).toEqual([]);
    await zapo.close();
  });

  it('gives an answered session to a client that writes back', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [sink = ''] = await sinks(1);
    await start({ from: [sink], to: [client.pn], count: 5, texts: ['before'] });
    await client.until(() => textsOf(client).length === 5);
    await client.reached(await client.sendText(sink, 'and you?'), 3);
    await start({ from: [sink], to: [client.pn], count: 5, texts: ['after'] });
    await client.until(() => textsOf(client).length === 10);
  });

  it('starts over with a client that has lost its sessions', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const from = await sinks(1);
    const { id } = await start({ from, to: [client.pn], count: 3, texts: ['before'] });
    await client.until(() => textsOf(client).length === 3);
    await client.settle();
    client.forgetSessions();
    await start({ from, to: [client.pn], count: 3, texts: ['after'] });
    await client.until(() => textsOf(client).filter((text) => text === 'after').length === 3);
    expect(await world.get(`/messages/stats?account=${from[0]}`)).toMatchObject({ sent: 0, undecryptable: 0 });
    expect((await look(id)).delivered).toBeGreaterThanOrEqual(3);
  });

  it('keeps to its rate, piles nothing up for a client that is away, and can be stopped', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [from] = [await sinks(1)];
    await client.close();
    const { id } = await start({ from, to: [client.pn], count: 1000, ratePerSec: 200, window: 20, texts: ['later'] });
    await world.until('a full window', async () => (await look(id)).sent >= 20);
    expect(await look(id)).toMatchObject({ state: 'running', sent: 20, delivered: 0 });
    await client.connect().opened();
    await client.until(() => textsOf(client).length >= 60);
    expect((await world.remove(`/load/${id}`)).status).toBe(204);
    const stopped = await look(id);
    expect(stopped.state).toBe('stopped');
    expect(stopped.sent).toBeLessThanOrEqual(stopped.seconds * 200 + 1);
    await client.until(() => textsOf(client).length === stopped.sent);
  });

  it('passes over a client with keys no session can be built with', async () => {
    const pn = world.aNumber();
    const [broken, sound] = [await world.aClient().pair(pn), await world.aClient().pair(pn)];
    const part = (tag: string, content: Buffer) => ({ tag, attrs: {}, content });
    const parts = [part('id', Buffer.alloc(3)), part('value', Buffer.alloc(32)), part('signature', Buffer.alloc(64))];
    const rotate = { tag: 'rotate', attrs: {}, content: [{ tag: 'skey', attrs: {}, content: parts }] };
    const attrs = { to: '@s.whatsapp.net', type: 'set', xmlns: 'encrypt' };
    await broken.socket.query({ tag: 'iq', attrs, content: [rotate] });
    const { id } = await start({ from: await sinks(1), to: [pn], count: 3, texts: ['still here'] });
    await sound.until(() => textsOf(sound).length === 3);
    expect(await look(id)).toMatchObject({ state: 'done', sent: 3 });
  });

  it('refuses people who read, and numbers nobody has', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [sink] = await sinks(1);
    const echo = await world.aContact({ behaviour: 'echo' });
    expect(await world.post('/load', { from: [echo.pn], to: [client.pn], count: 1 })).toMatchObject({
      status: 409,
      body: { code: 'load.reader' },
    });
    expect((await world.post('/load', { from: [sink], to: ['15559999999'], count: 1 })).status).toBe(404);
    expect((await world.post('/load', { from: [sink], to: [client.pn] })).status).toBe(400);
    expect((await world.remove('/load/nobody')).status).toBe(404);
  });
});

describe('load while the clock stands still', () => {
  const world = useSimulator({ seed: 'still load', clock: new Clock(0) });

  it('takes no part of a day that is skipped once its client has enough', async () => {
    const client = await world.aClient().pair(world.aNumber());
    await client.close();
    const sink = await world.aContact({ behaviour: 'sink' });
    const order = { from: [sink.pn], to: [client.pn], count: 1_000_000, ratePerSec: 1_000, window: 20 };
    const { body } = await world.post<Described>('/load', order);
    expect(await world.post('/clock', { advanceMs: 86_400_000 })).toMatchObject({ body: { remainingMs: 0 } });
    const { state, sent, seconds } = await world.get<Described>(`/load/${body.id}`);
    expect([state, seconds]).toEqual(['running', 86_400]);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(20);
  });
});
