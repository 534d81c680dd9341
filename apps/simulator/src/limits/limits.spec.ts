import { useSimulator } from '../../test-kit/use-simulator.js';
import { Clock } from '../world/clock.js';

describe('account limits', () => {
  const clock = new Clock(Date.now());
  const world = useSimulator({ seed: 'limits', clock });

  it('keep a locked account from writing first, not from answering, until the lock ends', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [stranger, friend] = [await world.aContact(), await world.aContact()];
    await world.post(`/accounts/${friend.pn}/send`, { to: client.pn, text: 'hello?' });
    await client.received('hello?');
    await world.patch(`/accounts/${client.pn}/limits`, { timeLock: { seconds: 60, type: 'BIZ_QUALITY' } });
    const { reachoutTimeLock } = await client.event('connection.update', (update) => update.reachoutTimeLock?.isActive);
    expect(reachoutTimeLock).toEqual({
      isActive: true,
      enforcementType: 'BIZ_QUALITY',
      timeEnforcementEnds: new Date((clock.seconds() + 60) * 1000),
    });
    const refused = await client.sendText(stranger.pn, 'offer');
    await client.reached(await client.sendText(friend.pn, 'here I am'), 3);
    await client.settle();
    expect(client.refusalOf(refused)?.[0]).toBe('463');
    expect(await world.get(`/messages/stats?account=${stranger.pn}`)).toMatchObject({ received: 0 });

    clock.advance(60_000);
    await client.event('connection.update', (update) => update.reachoutTimeLock?.isActive === false);
    await client.reached(await client.sendText(stranger.pn, 'offer'), 3);
  });

  it('count new chats, warn, and refuse those beyond the cap until the next cycle', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const people = await Promise.all(Array.from({ length: 3 }, () => world.aContact()));
    const capping = { total: 4, used: 2, cycleSeconds: 3600 };
    await world.patch(`/accounts/${client.pn}/limits`, { capping });
    const write = (n: number) => client.sendText(people[n]?.pn ?? '', 'hello');
    await client.reached(await write(0), 3);
    await client.event('message-capping.update', ({ capping_status: stage }) => String(stage) === 'FIRST_WARNING');
    await client.reached(await write(1), 3);
    await client.event('message-capping.update', ({ capping_status: stage }) => String(stage) === 'CAPPED');
    const refused = await write(2);
    await client.reached(await write(0), 3);
    await client.settle();
    expect(client.refusalOf(refused)?.[0]).toBe('475');
    expect(await client.socket.fetchNewChatMessageCap()).toMatchObject({ total_quota: 4, used_quota: 4 });

    clock.advance(3_600_000);
    await client.reached(await write(2), 3);
    expect(await client.socket.fetchNewChatMessageCap()).toMatchObject({ used_quota: 1, capping_status: 'NONE' });
  });

  it('are shown as they were ordered', async () => {
    const { pn } = await world.aContact();
    const order = {
      timeLock: { seconds: 60, type: 'BIZ_QUALITY' },
      capping: { total: 4, used: 3, cycleSeconds: 3600 },
    };
    const { body } = await world.patch(`/accounts/${pn}/limits`, order);
    expect(body).toMatchObject(order);
    expect(body).toMatchObject({
      timeLock: { endsAt: new Date((clock.seconds() + 60) * 1000).toISOString() },
      capping: { stage: 'FIRST_WARNING', endsAt: new Date((clock.seconds() + 3600) * 1000).toISOString() },
    });
  });

  it('can be lifted, and are refused when they make no sense', async () => {
    const { pn } = await world.aContact();
    await world.patch(`/accounts/${pn}/limits`, { timeLock: { seconds: 60 }, capping: { total: 1 } });
    await world.patch(`/accounts/${pn}/limits`, { timeLock: { seconds: 0 }, capping: { total: 0 } });
    expect(await world.get(`/accounts/${pn}/limits`)).toMatchObject({
      timeLock: { seconds: 0, endsAt: null },
      capping: { total: 0 },
    });
    for (const body of [{ timeLock: {} }, { timeLock: { seconds: 5, type: 'MOOD' } }, { capping: { total: -1 } }])
      expect(await world.patch(`/accounts/${pn}/limits`, body)).toMatchObject({ status: 400 });
  });
});
