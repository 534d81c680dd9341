import { ok } from '@app/client/client.js';
import type { ApiClient } from '@app/testing/api-client.js';
import { EventSourceClient } from '@app/testing/event-source.js';
import { eventually } from '@app/testing/eventually.js';
import type { MessageOrder } from '@app/testing/message-content.js';
import { type GatewayProcess, GatewaySession, type GatewayTenant } from '@app/testing/gateway-process.js';
import { useSession } from '@app/testing/use-session.js';

describe('a session that is shared with staff', () => {
  const linked = useSession();
  let friend: string;
  let other: GatewaySession;
  let ada: { id: string; api: ApiClient };

  /** Somebody of the tenant's staff. */
  const aMember = async (name: string) => {
    const body = { tenantId: linked.tenant.id, name, role: 'staff' as const };
    const { id, token } = await ok(linked.stack.gateway.admin.client.POST('/v1/admin/users', { body }));
    return { id, api: linked.stack.gateway.client(token) };
  };
  const share = ({ id }: { id: string }, session = linked.session) =>
    ok(session.client.POST('/v1/sessions/{sessionId}/access', { ...session.at(), body: { userId: id } }));
  const unshare = ({ id }: { id: string }) =>
    ok(linked.session.client.DELETE('/v1/sessions/{sessionId}/access/{userId}', linked.session.at({ userId: id })));
  const send = (api: ApiClient, session: GatewaySession, order: Partial<MessageOrder>) =>
    api.call(`POST ${session.path}/messages`, { to: friend, ...order } as MessageOrder);
  const sayAs = (api: ApiClient, text: string, session = linked.session) => send(api, session, { type: 'text', text });
  const statusOf = async (api: ApiClient, session = linked.session) => (await api.call(`GET ${session.path}`)).status;
  const isText = (text: string) => (event: { data: { message?: Record<string, unknown> } }) =>
    event.data.message?.text === text;

  beforeAll(async () => {
    friend = (await linked.stack.simulator.aContact('reader')).pn;
    other = await linked.tenant.aPairedSession(linked.stack.aPhone());
    ada = await aMember('Ada');
    await share(ada);
  });

  it('is used by them: what they send goes out and is told to all who may know', async () => {
    const { status, body } = await sayAs(ada.api, 'from Ada');
    expect(status).toBe(202);
    const sent = await linked.heard('message.sent', isText('from Ada'));
    expect(sent.data.message?.id).toBe(body.id);
    await eventually('Ada hears of it', async () => {
      const { items } = await ada.api.ok('GET /v1/events?limit=500');
      return items.some(({ id }) => id === sent.id);
    });
  });

  it('is all they see of the tenant', async () => {
    expect((await ada.api.ok('GET /v1/sessions')).items.map(({ id }) => id)).toEqual([linked.session.id]);
    expect(await statusOf(ada.api, other)).toBe(404);
    expect(await sayAs(ada.api, 'not for Ada', other)).toMatchObject({
      status: 404,
      body: { code: 'session.not-found' },
    });
    const { items } = await ada.api.ok('GET /v1/events?limit=500');
    expect(new Set(items.map(({ sessionId }) => sessionId))).toEqual(new Set([linked.session.id]));
    expect(items.filter(({ type }) => type === 'session.qr')).toEqual([]);
    expect((await linked.tenant.events('session.qr')).length).toBeGreaterThan(0);
  });

  it('is not theirs to change', async () => {
    const { path } = linked.session;
    for (const route of [
      `DELETE ${path}`,
      `POST ${path}/logout`,
      `GET ${path}/qr`,
      `PATCH ${path}/settings`,
      `GET ${path}/access`,
    ])
      expect(await ada.api.raw(route, route.startsWith('PATCH') ? {} : undefined)).toMatchObject({
        status: 403,
        body: { code: 'access.owner-only' },
      });
    expect(await ada.api.call('POST /v1/sessions', { name: 'Mine' })).toMatchObject({ status: 403 });
    expect(await ada.api.call('GET /v1/webhooks')).toMatchObject({ status: 403 });
    await linked.session.becomes('connected');
  });

  it('takes files of their own, and shows those of its messages', async () => {
    const data = Buffer.from('only for owners').toString('base64');
    const kept = await linked.tenant.api.ok('POST /v1/media/import', { data, fileName: 'secret.txt' });
    const document = (file: { mediaId: string }) => send(ada.api, linked.session, { type: 'document', ...file });
    expect(await document({ mediaId: kept.id })).toMatchObject({ status: 404, body: { code: 'media.not-found' } });
    const own = await ada.api.ok('POST /v1/media/import', { data, fileName: 'secret.txt' });
    expect((await document({ mediaId: own.id })).status).toBe(202);

    const owners = await send(linked.tenant.api, linked.session, { type: 'document', mediaId: kept.id });
    const content = await ada.api.call(`GET ${linked.session.path}/messages/${owners.body.id}/media`);
    expect(content.status).toBe(200);
    expect((await ada.api.call(`GET /v1/media/${kept.id}/content`)).status).toBe(404);
  });

  it('comes to open streams when it is shared, and leaves them when it is not any more', async () => {
    const bob = await aMember('Bob');
    const stream = await EventSourceClient.open(`${bob.api.url}/v1/events/stream`, {
      authorization: `Bearer ${bob.api.token}`,
    });
    const owners = await EventSourceClient.open(`${bob.api.url}/v1/events/stream`, {
      authorization: `Bearer ${linked.tenant.api.token}`,
    });
    const saw = (text: string, { events }: EventSourceClient) => events.some(isText(text));
    // What comes after it in the log shows how far Bob has read.
    await share(bob, other);
    const say = async (text: string) => {
      await linked.session.send(friend, text, { wait: true });
      await other.send(friend, `later than ${text}`, { wait: true });
      await eventually(`Bob has read past "${text}"`, () => saw(`later than ${text}`, stream));
      await eventually('the owner has, too', () => saw(`later than ${text}`, owners));
      return [saw(text, stream), saw(text, owners)];
    };
    expect(await say('before')).toEqual([false, true]);
    await share(bob);
    expect(await say('while it is shared')).toEqual([true, true]);
    await unshare(bob);
    expect(await say('after')).toEqual([false, true]);
    await share(bob);
    expect(await say('once more')).toEqual([true, true]);
    expect([saw('before', stream), saw('after', stream)]).toEqual([false, false]);
    await Promise.all([stream.close(), owners.close()]);
  });

  it('is so in every process at once, and after a restart', async () => {
    const { gateway } = linked.stack;
    const second: GatewayProcess = await gateway.another({ ROLES: 'api' });
    const there = second.client(ada.api.token);
    expect([await statusOf(ada.api), await statusOf(there)]).toEqual([200, 200]);
    await unshare(ada);
    expect([await statusOf(ada.api), await statusOf(there)]).toEqual([404, 404]);
    await share(ada);
    expect([await statusOf(ada.api), await statusOf(there)]).toEqual([200, 200]);
    await second.kill();

    await gateway.kill();
    await gateway.start();
    await linked.session.becomes('connected');
    expect([await statusOf(ada.api), await statusOf(ada.api, other)]).toEqual([200, 404]);
    expect((await sayAs(ada.api, 'from Ada again')).status).toBe(202);
    await linked.heard('message.sent', isText('from Ada again'));
  });

  it('is gone for them when it is deleted', async () => {
    const tenant: GatewayTenant = await linked.stack.gateway.aTenant();
    const session = new GatewaySession(tenant, (await tenant.aSession()).id);
    const body = { tenantId: tenant.id, name: 'Cleo', role: 'staff' as const };
    const { id, token } = await ok(linked.stack.gateway.admin.client.POST('/v1/admin/users', { body }));
    const cleo = linked.stack.gateway.client(token);
    await share({ id }, session);
    expect(await statusOf(cleo, session)).toBe(200);
    await ok(session.client.DELETE('/v1/sessions/{sessionId}', session.at()));
    expect(await statusOf(cleo, session)).toBe(404);
    expect((await cleo.ok('GET /v1/sessions')).items).toEqual([]);
  });
});
