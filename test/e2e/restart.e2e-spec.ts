import { ok } from '@app/client/client.js';
import { Client } from 'pg';
import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';

describe('sessions over restarts and closed connections', () => {
  const stack = useStack();

  const aConnectedSession = async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    return { phone, session: await tenant.aPairedSession(phone) };
  };

  it('is connected after a restart, without a new QR code', async () => {
    const { session } = await aConnectedSession();
    await stack.gateway.stop();
    await stack.gateway.start();
    await session.becomes('connected');
    const qrs = (await session.tenant.events('session.qr')).length;
    await stack.gateway.kill();
    await stack.gateway.start();
    await session.becomes('connected');
    expect(await session.tenant.events('session.qr')).toHaveLength(qrs);
    const echo = await stack.simulator.aContact('echo');
    expect(await session.send(echo.pn, 'still here', { wait: true })).toMatchObject({
      status: expect.stringMatching(/^(server_ack|delivered|read)$/) as string,
    });
  });

  it('ends cleanly on SIGTERM', async () => {
    await aConnectedSession();
    expect(await stack.gateway.stop()).toBe(0);
    await stack.gateway.start();
  });

  it('stays stopped over a restart when it was stopped', async () => {
    const { session } = await aConnectedSession();
    await ok(session.tenant.client.POST('/v1/sessions/{sessionId}/stop', session.at()));
    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await session.get()).toMatchObject({ status: 'stopped', reason: 'requested' });
  });

  it('sends what it accepted while not connected', async () => {
    const { phone, session } = await aConnectedSession();
    const contact = await stack.simulator.aContact('reader');
    await stack.simulator.api.ok(`POST /accounts/${phone}/refuse-login`, { reason: 503, times: 1 });
    await stack.simulator.kick(phone, 'closeSocket');
    await session.becomes('disconnected');
    const accepted = await session.send(contact.pn, 'when you are back');
    await eventually('the message arrives', async () => (await stack.simulator.stats(contact.pn)).distinct === 1);
    const [seen] = await stack.simulator.messages(contact.pn);
    expect(seen).toMatchObject({ id: accepted.messageId, text: 'when you are back' });
  });

  it('goes on after the database hung up on everybody', async () => {
    const { phone, session } = await aConnectedSession();
    const echo = await stack.simulator.aContact('echo');
    const database = new Client(stack.gateway.database.url);
    await database.connect();
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await database.end();
    await stack.simulator.send(echo.pn, phone, { text: 'in the middle of it' });
    await eventually('it sends again', () => session.send(echo.pn, 'after it').catch(() => null));
    await eventually('both came', async () => {
      const texts = (await session.tenant.events('message.received')).map(({ data }) => data.message?.text);
      return texts.includes('in the middle of it') && texts.includes('after it');
    });
    expect((await session.get()).status).toBe('connected');
  });

  it('stops the sessions of a suspended tenant, and resumes them', async () => {
    const { phone, session } = await aConnectedSession();
    const route = `PATCH /v1/admin/tenants/${session.tenant.id}` as const;
    await stack.gateway.admin.ok(route, { status: 'suspended' });
    await stack.simulator.connected(phone, false);
    await stack.gateway.admin.ok(route, { status: 'active' });
    await session.becomes('connected');
  });

  it('notices a connection that is open but dead, and replaces it', async () => {
    const { phone, session } = await aConnectedSession();
    const before = (await session.tenant.events('session.status')).length;
    await stack.simulator.kick(phone, 'halfOpen');
    await eventually(
      'it is noticed and connected again',
      async () => {
        const statuses = (await session.tenant.events('session.status')).slice(before).map(({ data }) => data.status);
        return statuses.includes('degraded') && statuses.at(-1) === 'connected';
      },
      60_000,
    );
  });

  it.each([
    [515, 'restarts at once'],
    [503, 'comes back after a pause'],
  ])('%i: %s', async (streamError) => {
    const { phone, session } = await aConnectedSession();
    const before = (await session.tenant.events('session.status')).length;
    await stack.simulator.kick(phone, streamError);
    await eventually('it connected again', async () => {
      const statuses = (await session.tenant.events('session.status')).slice(before);
      return statuses.at(-1)?.data.status === 'connected' && statuses;
    });
    const statuses = (await session.tenant.events('session.status')).slice(before).map(({ data }) => data.status);
    expect(statuses.includes('disconnected')).toBe(streamError !== 515);
  });

  it('401: is logged out, forgets the login and does not come back', async () => {
    const { phone, session } = await aConnectedSession();
    await stack.simulator.kick(phone, 401);
    expect(await session.becomes('logged_out')).toMatchObject({ reason: 'logged_out', me: null });
    await stack.gateway.kill();
    await stack.gateway.start();
    expect((await session.get()).status).toBe('logged_out');
  });

  it('440: never fights whoever replaced it', async () => {
    const { phone, session } = await aConnectedSession();
    await stack.simulator.kick(phone, 440);
    expect(await session.becomes('disconnected')).toMatchObject({ reason: 'replaced' });
    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await session.get()).toMatchObject({ status: 'disconnected', reason: 'replaced' });
    await ok(session.tenant.client.POST('/v1/sessions/{sessionId}/stop', session.at()));
    expect(await session.get()).toMatchObject({ status: 'stopped', reason: 'requested' });
    await session.start();
    await session.becomes('connected');
  });

  it.each([
    [403, 'banned', 'banned'],
    [405, 'failed', 'client_outdated'],
    [411, 'failed', 'multidevice_mismatch'],
  ] as const)('login refused with %i: %s', async (reason, status, why) => {
    const { phone, session } = await aConnectedSession();
    await stack.simulator.api.ok(`POST /accounts/${phone}/refuse-login`, { reason, times: 1 });
    await stack.simulator.kick(phone, 'resetTcp');
    expect(await session.becomes(status)).toMatchObject({ reason: why });
  });

  it('delivers what came in while it was away, once', async () => {
    const { phone, session } = await aConnectedSession();
    const contact = await stack.simulator.aContact('silent');
    await stack.simulator.send(contact.pn, phone, { text: 'before' });
    await eventually('the first one', async () => (await session.tenant.events('message.received')).length === 1);
    await stack.gateway.kill();
    await stack.simulator.send(contact.pn, phone, { textTemplate: 'away {n}', count: 20 });
    await stack.gateway.start();
    const received = await eventually('all came', async () => {
      const events = await session.tenant.events('message.received');
      return events.length >= 21 && events;
    });
    expect(new Set(received.map(({ data }) => data.message?.text)).size).toBe(21);
    expect(received).toHaveLength(21);
  });
});
