import { aSession } from '@app/testing/builders.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { type TestTenant, useGateway } from '@app/testing/use-gateway.js';

describe('sharing a session', () => {
  const gateway = useGateway({ rateLimitPerMinute: 0 });
  let tenant: TestTenant;
  let [shared, other, staff, token] = ['', '', '', ''];

  beforeEach(async () => {
    tenant = await gateway.aTenant();
    [shared, other] = [(await aSession(gateway.db, tenant.id)).id, (await aSession(gateway.db, tenant.id)).id];
    const { body } = await gateway.admin('POST /v1/admin/users', { tenantId: tenant.id, name: 'Ada' });
    [staff, token] = [body.id, body.token];
  });

  const ask = (route: string, body?: object) => gateway.call(route, { token: tenant.token, body });
  const askAsStaff = (route: string, body?: object) => gateway.call(route, { token, body });
  const share = (userId = staff, sessionId = shared) => ask(`POST /v1/sessions/${sessionId}/access`, { userId });
  const unshare = (userId = staff) => ask(`DELETE /v1/sessions/${shared}/access/${userId}`);
  const codeOf = async (answer: ReturnType<typeof ask>) => {
    const { status, body } = await answer;
    return [status, body.code];
  };

  it('opens it to a member of staff, and closes it again, at once', async () => {
    expect(await codeOf(askAsStaff(`GET /v1/sessions/${shared}`))).toEqual([404, 'session.not-found']);
    const { status, body } = await share();
    expect([status, body]).toEqual([
      201,
      { userId: staff, name: 'Ada', grantedBy: tenant.userId, createdAt: expect.any(String) as string },
    ]);
    expect((await ask(`GET /v1/sessions/${shared}/access`)).body).toEqual({ items: [body], nextCursor: null });
    expect((await askAsStaff(`GET /v1/sessions/${shared}`)).body.id).toBe(shared);
    expect((await unshare()).status).toBe(204);
    expect(await codeOf(askAsStaff(`GET /v1/sessions/${shared}`))).toEqual([404, 'session.not-found']);
    expect(await codeOf(unshare())).toEqual([404, 'grant.not-found']);
  });

  it('refuses a second grant, one for an owner, and one for somebody of another tenant', async () => {
    await share();
    expect(await codeOf(share())).toEqual([409, 'access.already-granted']);
    const forOwner = await share(tenant.userId);
    expect([forOwner.status, forOwner.body.code]).toEqual([400, 'access.not-for-owners']);
    expect(forOwner.body.errors[0]?.pointer).toBe('/userId');
    const { userId } = await gateway.aTenant();
    for (const unknown of [userId, 'usr_none']) expect(await codeOf(share(unknown))).toEqual([404, 'user.not-found']);
    expect(await codeOf(share(staff, 'ses_none'))).toEqual([404, 'session.not-found']);
    expect(await codeOf(ask(`POST /v1/sessions/${shared}/access`, {}))).toEqual([400, 'request.invalid']);
  });

  it('gives one grant to one of many who ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => share()));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('is not done by staff, and not by a token without the scope', async () => {
    await share();
    const route = `/v1/sessions/${shared}/access`;
    for (const asked of [`GET ${route}`, `DELETE ${route}/${staff}`])
      expect(await codeOf(askAsStaff(asked))).toEqual([403, 'access.owner-only']);
    expect(await codeOf(askAsStaff(`POST ${route}`, { userId: staff }))).toEqual([403, 'access.owner-only']);
    const reader = await ask('POST /v1/tokens', { name: 'reader', scopes: ['sessions:read'] });
    const refused = gateway.call(`POST ${route}`, { token: reader.body.token, body: { userId: staff } });
    expect(await codeOf(refused)).toEqual([403, 'token.scope-missing']);
  });

  it('is in the audit log', async () => {
    await share();
    await unshare();
    const { body } = await gateway.admin(`GET /v1/admin/audit?tenantId=${tenant.id}&limit=2`);
    const [actor, target] = [tenant.userId, `${shared}/${staff}`];
    expect(body.items).toMatchObject([
      { action: 'session.unshare', actor, target },
      { action: 'session.share', actor, target },
    ]);
  });

  it('puts it in the list of sessions, page by page', async () => {
    const many = [
      shared,
      ...(await Promise.all([1, 2].map(() => aSession(gateway.db, tenant.id)))).map(({ id }) => id),
    ];
    expect((await askAsStaff('GET /v1/sessions')).body.items).toEqual([]);
    for (const id of many) await share(staff, id);
    const first = await askAsStaff('GET /v1/sessions?limit=2');
    const second = await askAsStaff(`GET /v1/sessions?limit=2&cursor=${first.body.nextCursor}`);
    const seen = [...first.body.items, ...second.body.items].map(({ id }) => id);
    expect([first.body.items.length, seen.sort()]).toEqual([2, many.sort()]);
    expect((await ask('GET /v1/sessions')).body.items.length).toBe(4);
  });

  it('shows who there is to share it with', async () => {
    expect((await ask('GET /v1/account/users')).body.items).toMatchObject([
      { id: tenant.userId, name: 'Owner', role: 'owner' },
      { id: staff, name: 'Ada', role: 'staff' },
    ]);
    expect(await codeOf(askAsStaff('GET /v1/account/users'))).toEqual([403, 'access.owner-only']);
  });

  it('opens its events, without those that link an account', async () => {
    const gone = (sessionId: string | null) =>
      ({ tenantId: tenant.id, sessionId, type: 'chat.deleted', data: { chatId: '6281234567890' } }) as const;
    const events = [gone(shared), qrEvent(tenant.id, shared), gone(other), gone(null)];
    const [mine = '', ...others] = await recordEvents(gateway, ...events);
    const list = async (query = '') => (await askAsStaff(`GET /v1/events${query}`)).body.items.map(({ id }) => id);
    expect(await list()).toEqual([]);
    await share();
    expect(await list()).toEqual([mine]);
    expect(await list(`?sessionId=${other}`)).toEqual([]);
    expect(await list('?types=session.*')).toEqual([]);
    expect(await list('?types=chat.*,session.qr')).toEqual([mine]);
    expect((await askAsStaff(`GET /v1/events/${mine}`)).status).toBe(200);
    for (const id of others) {
      expect((await ask(`GET /v1/events/${id}`)).status).toBe(200);
      expect(await codeOf(askAsStaff(`GET /v1/events/${id}`))).toEqual([404, 'event.not-found']);
      expect(await codeOf(askAsStaff(`GET /v1/events?after=${id}`))).toEqual([404, 'event.not-found']);
    }
    await unshare();
    expect(await list()).toEqual([]);
  });

  it('opens no files of others', async () => {
    const put = async (as: typeof ask) =>
      (await as('POST /v1/media/import', { data: 'aGVsbG8=', fileName: 'a.txt' })).body.id;
    const [owners, own] = [await put(ask), await put(askAsStaff)];
    expect(own).not.toBe(owners);
    expect(await put(askAsStaff)).toBe(own);
    expect((await askAsStaff('GET /v1/media')).body.items.map(({ id }) => id)).toEqual([own]);
    expect((await askAsStaff(`GET /v1/media/${own}/content`)).text).toBe('hello');
    for (const route of [`GET /v1/media/${owners}`, `GET /v1/media/${owners}/content`])
      expect(await codeOf(askAsStaff(route))).toEqual([404, 'media.not-found']);
    const imported = askAsStaff('POST /v1/media/import', { mediaId: owners });
    expect(await codeOf(imported)).toEqual([404, 'media.not-found']);
  });
});
