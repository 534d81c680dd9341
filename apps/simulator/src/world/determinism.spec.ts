import { useSimulator } from '../../test-kit/use-simulator.js';
import { Clock } from './clock.js';

const NOON = Date.parse('2026-01-31T12:00:00Z');

describe('two runs of one script with one seed', () => {
  const first = useSimulator({ seed: 'again', clock: new Clock(NOON) });
  const second = useSimulator({ seed: 'again', clock: new Clock(NOON) });

  it('give the same stanzas', async () => {
    const [one, two] = [await play(first), await play(second)];
    expect(one.people).toEqual(two.people);
    expect(one.faults).toEqual(two.faults);
    expect(one.leave).toEqual(two.leave);
    expect(one.logs.flat().length).toBeGreaterThan(50);
    expect(one.logs).toEqual(two.logs);
  });

  it('stand at the moment they were given, and move when they are told to', async () => {
    expect(await first.get('/clock')).toMatchObject({ now: '2026-01-31T12:01:00.000Z', isStopped: true });
    expect(await first.post('/clock', { advanceMs: 30_000 })).toMatchObject({
      body: { now: '2026-01-31T12:01:30.000Z' },
    });
    expect(await first.post('/clock', { advanceMs: -1 })).toMatchObject({ status: 400 });
    const { items } = await first.get<{ items: { openedAt: string }[] }>('/connections');
    expect(new Set(items.map(({ openedAt }) => openedAt))).toEqual(new Set(['2026-01-31T12:00:00.000Z']));
    await first.post('/reset');
    expect(await first.get('/clock')).toMatchObject({ now: '2026-01-31T12:00:00.000Z', isStopped: true, pending: 0 });
  });
});

/** Two clients, contacts that answer, accidents by chance, a delay that only the clock ends. */
async function play(world: ReturnType<typeof useSimulator>) {
  const [anna, ben] = [await world.aClient().pair('4917000000001'), await world.aClient().pair('4917000000002')];
  const [echo, reader] = [await world.aContact({ behaviour: 'echo' }), await world.aContact({ behaviour: 'reader' })];
  const refused = { match: { account: anna.pn, tag: 'message', direction: 'in' }, probability: 0.4 };
  await world.post('/faults', { ...refused, action: { kind: 'nack', code: 479 } });
  for (let n = 0; n < 8; n++) {
    const id = await anna.sendText(n % 2 ? echo.pn : reader.pn, `dice ${n}`);
    await anna.settle();
    await anna.until(() => anna.refusalOf(id) ?? anna.statusOf(id) >= 3);
    await anna.settle();
  }
  await world.remove('/faults');
  const { auth: leave } = await anna.socket.refreshMediaConn(true);
  const slow = { match: { account: ben.pn, tag: 'message', direction: 'out' }, times: 1 };
  await world.post('/faults', { ...slow, action: { kind: 'delay', ms: 10_000, jitterMs: 40_000 } });
  await world.post(`/accounts/${echo.pn}/send`, { to: ben.pn, text: 'late' });
  await until(async () => (await world.get<{ pending: number }>('/clock')).pending > 0);
  await world.post('/clock', { advanceMs: 60_000 });
  await ben.received('late');
  await ben.settle();
  // Each stream is in order; how the streams interleave is a matter of the machine, not of the network.
  const logs: string[][] = [];
  for (const pn of [anna.pn, ben.pn])
    for (const stream of ['in&tag=message', 'in&tag=iq', 'out&tag=message', 'out&tag=receipt', 'out&tag=success']) {
      const filter = `account=${pn}&direction=${stream}&form=canonical&limit=20000`;
      const { items } = await world.get<{ items: { xml: string }[] }>(`/stanzas?${filter}`);
      logs.push(items.map(({ xml }) => xml));
    }
  const { items: faults } = await world.get<{ items: object[] }>('/faults');
  const { items: people } = await world.get<{ items: object[] }>('/accounts');
  return { people, faults, leave, logs };
}

async function until(probe: () => Promise<boolean>): Promise<void> {
  while (!(await probe())) await new Promise((resolve) => setTimeout(resolve, 10));
}
