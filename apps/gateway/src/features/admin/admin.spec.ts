import { entities } from '@app/database/entities.js';
import { aSession } from '@app/testing/builders.js';
import { useGateway } from '@app/testing/use-gateway.js';

describe('the operator', () => {
  const gateway = useGateway();

  it('creates a tenant with its owner and a token that works', async () => {
    const { status, body } = await gateway.admin('POST /v1/admin/tenants', { name: 'Acme' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^ten_/) as string,
      name: 'Acme',
      user: { id: expect.stringMatching(/^usr_/) as string, name: 'Owner', role: 'owner' },
      token: expect.stringMatching(/^swb_[\w-]{43}$/) as string,
    });
    expect((await gateway.call('GET /v1/me', { token: body.token })).status).toBe(200);
  });

  it('finds, renames and lists tenants', async () => {
    const { id } = await gateway.aTenant();
    const renamed = await gateway.admin(`PATCH /v1/admin/tenants/${id}`, { name: 'Apex' });
    expect(renamed.body).toMatchObject({ id, name: 'Apex', status: 'active' });
    expect((await gateway.admin(`GET /v1/admin/tenants/${id}`)).body).toEqual(renamed.body);
    expect((await gateway.admin('GET /v1/admin/tenants?limit=200')).body.items).toContainEqual(renamed.body);
    expect((await gateway.admin('GET /v1/admin/tenants/ten_none')).body.code).toBe('tenant.not-found');
    expect((await gateway.admin('PATCH /v1/admin/tenants/ten_none', {})).body.code).toBe('tenant.not-found');
    expect((await gateway.admin(`PATCH /v1/admin/tenants/${id}`, { status: 'gone' })).body.code).toBe(
      'request.invalid',
    );
  });

  it('suspends and resumes a tenant at once', async () => {
    const { id, token } = await gateway.aTenant();
    expect((await gateway.call('GET /v1/me', { token })).status).toBe(200);
    await gateway.admin(`PATCH /v1/admin/tenants/${id}`, { status: 'suspended' });
    const refused = await gateway.call('GET /v1/me', { token });
    expect([refused.status, refused.body.code]).toEqual([403, 'tenant.suspended']);
    await gateway.admin(`PATCH /v1/admin/tenants/${id}`, { status: 'active' });
    expect((await gateway.call('GET /v1/me', { token })).status).toBe(200);
  });

  it('adds users to a tenant', async () => {
    const { id } = await gateway.aTenant();
    const { status, body } = await gateway.admin('POST /v1/admin/users', { tenantId: id, name: 'Ada' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ tenantId: id, name: 'Ada', role: 'staff' });
    expect((await gateway.call('GET /v1/me', { token: body.token })).body).toMatchObject({
      id: body.id,
      role: 'staff',
    });
    const users = await gateway.admin(`GET /v1/admin/users?tenantId=${id}`);
    expect(users.body.items.map(({ name }) => name)).toEqual(['Owner', 'Ada']);
    const lost = await gateway.admin('POST /v1/admin/users', { tenantId: 'ten_none', name: 'Ada' });
    expect([lost.status, lost.body.code]).toEqual([404, 'tenant.not-found']);
  });

  it('changes and removes users, who notice at once', async () => {
    const { id, userId, token } = await gateway.aTenant();
    const { body: ada } = await gateway.admin('POST /v1/admin/users', { tenantId: id, name: 'Ada' });
    expect((await gateway.call('GET /v1/me', { token: ada.token })).body.role).toBe('staff');
    const { token: adasToken, ...shown } = ada;
    expect((await gateway.admin(`GET /v1/admin/users/${ada.id}`)).body).toEqual(shown);

    const changed = await gateway.admin(`PATCH /v1/admin/users/${ada.id}`, { name: 'Ada L.', role: 'owner' });
    expect(changed.body).toEqual({ ...shown, name: 'Ada L.', role: 'owner' });
    expect((await gateway.call('GET /v1/me', { token: adasToken })).body).toMatchObject({
      name: 'Ada L.',
      role: 'owner',
    });
    expect((await gateway.admin(`PATCH /v1/admin/users/${userId}`, { role: 'staff' })).body.role).toBe('staff');

    expect((await gateway.admin(`DELETE /v1/admin/users/${userId}`)).status).toBe(204);
    expect((await gateway.call('GET /v1/me', { token })).body.code).toBe('token.invalid');
    expect((await gateway.admin(`GET /v1/admin/users/${userId}`)).body.code).toBe('user.not-found');
    expect(await gateway.db.query('SELECT id FROM api_tokens WHERE user_id = $1', [userId])).toEqual([]);
    const { body: audit } = await gateway.admin(`GET /v1/admin/audit?tenantId=${id}&limit=3`);
    expect(audit.items).toMatchObject([
      { action: 'user.delete', actor: 'admin', target: userId },
      { action: 'user.update', actor: 'admin', target: userId },
      { action: 'user.update', actor: 'admin', target: ada.id },
    ]);
  });

  it('leaves every tenant an owner', async () => {
    const { id, userId, token } = await gateway.aTenant();
    await gateway.admin('POST /v1/admin/users', { tenantId: id, name: 'Ada' });
    await gateway.admin('POST /v1/admin/users', { tenantId: (await gateway.aTenant()).id, name: 'Bo', role: 'owner' });
    const refused = async (method: string, body?: object) => {
      const answer = await gateway.admin(`${method} /v1/admin/users/${userId}`, body);
      return [answer.status, answer.body.code];
    };
    expect(await refused('DELETE')).toEqual([409, 'user.last-owner']);
    expect(await refused('PATCH', { role: 'staff' })).toEqual([409, 'user.last-owner']);
    expect(await refused('PATCH', { role: 'admin' })).toEqual([400, 'request.invalid']);
    expect(await refused('PATCH', { name: 'x'.repeat(101) })).toEqual([400, 'request.invalid']);
    expect(await refused('PATCH', { name: 'Olga', role: 'owner' })).toEqual([200, undefined]);
    expect((await gateway.call('GET /v1/me', { token })).body.name).toBe('Olga');
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await gateway.admin(`${method} /v1/admin/users/usr_none`)).body.code).toBe('user.not-found');
  });

  it('removes one of two owners only, whichever is first', async () => {
    const { id, userId } = await gateway.aTenant();
    const { body: bo } = await gateway.admin('POST /v1/admin/users', { tenantId: id, name: 'Bo', role: 'owner' });
    const both = [userId, bo.id].map((user) => gateway.admin(`DELETE /v1/admin/users/${user}`));
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  it('lists the sessions of all tenants, by tenant, id and status', async () => {
    const [one, two] = [await gateway.aTenant(), await gateway.aTenant()];
    const [sales, shop] = [
      await aSession(gateway.db, one.id, { status: 'connected', waId: '6281300000001' }),
      await aSession(gateway.db, two.id),
    ];
    await aSession(gateway.db, two.id, { deletedAt: new Date() });
    const ids = async (query: string) => {
      const { body } = await gateway.admin(`GET /v1/admin/sessions?${query}`);
      return body.items.map(({ id }) => id);
    };
    const { body } = await gateway.admin(`GET /v1/admin/sessions?tenantId=${one.id}`);
    expect(body.items).toEqual([
      expect.objectContaining({ id: sales.id, tenantId: one.id, status: 'connected' }) as unknown,
    ]);
    expect(await ids('limit=2')).toEqual([shop.id, sales.id]);
    expect(await ids(`ids=${sales.id},${shop.id}&statuses=connected`)).toEqual([sales.id]);
    const page = await gateway.admin(`GET /v1/admin/sessions?ids=${sales.id},${shop.id}&limit=1`);
    expect(await ids(`ids=${sales.id},${shop.id}&cursor=${page.body.nextCursor}`)).toEqual([sales.id]);
    expect((await gateway.admin('GET /v1/admin/sessions?statuses=asleep')).body.code).toBe('request.invalid');
  });

  it('removes a tenant with every row, and nobody else', async () => {
    const [gone, stays] = [await gateway.aTenant(), await gateway.aTenant()];
    const session = await aSession(gateway.db, gone.id, { deletedAt: new Date() });
    const kept = await aSession(gateway.db, stays.id);
    for (const { id } of [session, kept])
      await gateway.db.query('INSERT INTO session_leases (session_id, epoch, expires_at) VALUES ($1, 1, now())', [id]);
    expect((await gateway.admin(`DELETE /v1/admin/tenants/${gone.id}`)).status).toBe(204);

    expect((await gateway.call('GET /v1/me', { token: gone.token })).body.code).toBe('token.invalid');
    expect((await gateway.call('GET /v1/me', { token: stays.token })).status).toBe(200);
    for (const entity of entities) {
      const rows = JSON.stringify(await gateway.db.getRepository<object>(entity).find({ withDeleted: true }));
      const audit = gateway.db.getMetadata(entity).tableName === 'audit_entries';
      if (!audit) expect(rows).not.toContain(gone.id);
      expect(rows).not.toContain(session.id);
    }
    expect(await gateway.db.query('SELECT session_id FROM session_leases')).toEqual([{ session_id: kept.id }]);
    expect((await gateway.admin(`DELETE /v1/admin/tenants/${gone.id}`)).body.code).toBe('tenant.not-found');
  });

  it('reads who changed what, newest first and with the request id', async () => {
    const { id, userId, token } = await gateway.aTenant();
    const created = await gateway.call('POST /v1/tokens', {
      token,
      body: { name: 'CRM' },
      headers: { 'x-request-id': 'r-1' },
    });
    await gateway.admin(`PATCH /v1/admin/tenants/${id}`, { status: 'suspended' });
    const { body } = await gateway.admin(`GET /v1/admin/audit?tenantId=${id}`);
    expect(body.items).toMatchObject([
      { action: 'tenant.suspend', actor: 'admin', target: id },
      { action: 'token.create', actor: userId, target: created.body.id, requestId: 'r-1' },
      { action: 'tenant.create', actor: 'admin', target: id },
    ]);
    const page = await gateway.admin(`GET /v1/admin/audit?tenantId=${id}&limit=2`);
    const rest = await gateway.admin(`GET /v1/admin/audit?tenantId=${id}&limit=2&cursor=${page.body.nextCursor}`);
    expect(rest.body).toEqual({ items: [body.items[2]], nextCursor: null });
  });

  it('keeps the record of a removed tenant', async () => {
    const { id } = await gateway.aTenant();
    await gateway.admin(`DELETE /v1/admin/tenants/${id}`);
    const { body } = await gateway.admin('GET /v1/admin/audit?limit=1');
    expect(body.items).toMatchObject([{ action: 'tenant.delete', tenantId: null, target: id }]);
  });

  it('and a user keep to their own routes', async () => {
    const { token } = await gateway.aTenant();
    expect((await gateway.call('GET /v1/admin/tenants', { token })).body.code).toBe('access.admin-only');
    expect((await gateway.admin('GET /v1/me')).body.code).toBe('access.user-only');
  });
});

describe('the rate limit', () => {
  const gateway = useGateway({ rateLimitPerMinute: 5 });

  it('is counted per token and says when to come back', async () => {
    const [one, two] = [await gateway.aTenant(), await gateway.aTenant()];
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await gateway.call('GET /v1/me', { token: one.token })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    const refused = await gateway.call('GET /v1/me', { token: one.token });
    expect([refused.status, refused.body.code]).toEqual([429, 'request.rate-limited']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await gateway.call('GET /v1/me', { token: two.token })).status).toBe(200);
  });

  it('is none for the routes that are open to everybody', async () => {
    for (let i = 0; i < 10; i += 1) expect((await gateway.call('GET /health/live')).status).toBe(200);
  });

  it('slows down who tries tokens, without locking out who has one', async () => {
    const { token } = await gateway.aTenant();
    const guess = () => gateway.call('GET /v1/me', { token: `swb_${'x'.repeat(43)}` });
    const codes = new Set<string>();
    for (let i = 0; i < 70; i += 1) codes.add((await guess()).body.code);
    expect([...codes]).toEqual(['token.invalid', 'request.rate-limited']);
    expect((await gateway.call('GET /v1/me', { token })).status).toBe(200);
  });
});
