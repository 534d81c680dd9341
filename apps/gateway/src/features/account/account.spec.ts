import { useGateway } from '@app/testing/use-gateway.js';

describe('tokens', () => {
  const gateway = useGateway();
  const createToken = async (token: string, body: object) => gateway.call('POST /v1/tokens', { token, body });
  const statusOf = async (token: string) => (await gateway.call('GET /v1/me', { token })).status;
  const codeOf = async (token: string, route = 'GET /v1/me') => (await gateway.call(route, { token })).body.code;

  it('says who the caller is', async () => {
    const tenant = await gateway.aTenant('Acme');
    expect((await gateway.call('GET /v1/me', { token: tenant.token })).body).toEqual({
      id: tenant.userId,
      name: 'Owner',
      role: 'owner',
      tenant: { id: tenant.id, name: 'Acme' },
      scopes: ['*'],
    });
  });

  it('gives callers another name', async () => {
    const tenant = await gateway.aTenant('Acme');
    const rename = (body: object) => gateway.call('PATCH /v1/me', { token: tenant.token, body });
    expect((await rename({ name: 'Ada' })).body).toMatchObject({ id: tenant.userId, name: 'Ada', role: 'owner' });
    expect((await gateway.call('GET /v1/me', { token: tenant.token })).body.name).toBe('Ada');
    const { body: audit } = await gateway.admin(`GET /v1/admin/audit?tenantId=${tenant.id}&limit=1`);
    expect(audit.items).toMatchObject([{ action: 'user.update', actor: tenant.userId, target: tenant.userId }]);
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(101) }, { name: 'Ada', role: 'owner' }])
      expect((await rename(body)).body.code).toBe('request.invalid');
  });

  it('keeps the hash alone', async () => {
    const { token } = await gateway.aTenant();
    const rows: object[] = await gateway.db.query('SELECT * FROM api_tokens');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
  });

  it('works with a new token until it is revoked', async () => {
    const { token } = await gateway.aTenant();
    const created = await createToken(token, { name: 'CRM' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      name: 'CRM',
      scopes: ['*'],
      expiresAt: null,
      hint: created.body.token.slice(-4),
    });
    expect(await statusOf(created.body.token)).toBe(200);
    expect((await gateway.call(`DELETE /v1/tokens/${created.body.id}`, { token })).status).toBe(204);
    expect(await codeOf(created.body.token)).toBe('token.invalid');
    expect((await gateway.call(`DELETE /v1/tokens/${created.body.id}`, { token })).body.code).toBe('token.not-found');
  });

  it("lists the caller's tokens without the tokens themselves", async () => {
    const { token } = await gateway.aTenant();
    const created = await createToken(token, { name: 'CRM', scopes: ['messages:write'] });
    const { body } = await gateway.call('GET /v1/tokens', { token });
    expect(body.items.map(({ name }) => name)).toEqual(['First token', 'CRM']);
    expect(body.nextCursor).toBeNull();
    expect(JSON.stringify(body)).not.toContain(created.body.token);
  });

  it('refuses an expired token and an expiry in the past', async () => {
    const { token } = await gateway.aTenant();
    const past = await createToken(token, { name: 'old', expiresAt: '2020-01-01T00:00:00Z' });
    expect([past.status, past.body.code]).toEqual([400, 'token.expiry-passed']);
    const { body } = await createToken(token, { name: 'new', expiresAt: '2100-01-01T00:00:00Z' });
    await gateway.db.query("UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE id = $1", [body.id]);
    const answer = await gateway.call('GET /v1/me', { token: body.token });
    expect([answer.status, answer.body.code]).toEqual([401, 'token.expired']);
    expect(answer.headers['www-authenticate']).toContain('invalid_token');
  });

  it('keeps a token to its scopes, read and write apart', async () => {
    const { token } = await gateway.aTenant();
    const reader = (await createToken(token, { name: 'reader', scopes: ['account:read'] })).body.token;
    const other = (await createToken(token, { name: 'other', scopes: ['messages:write'] })).body.token;
    expect(await statusOf(reader)).toBe(200);
    expect(await codeOf(reader, 'DELETE /v1/tokens/tok_any')).toBe('token.scope-missing');
    expect(await codeOf(other)).toBe('token.scope-missing');
  });

  it('lets no token grant more than it has', async () => {
    const { token } = await gateway.aTenant();
    const limited = await createToken(token, { name: 'limited', scopes: ['account:read', 'account:write'] });
    const grant = (scopes?: string[]) => createToken(limited.body.token, { name: 'child', scopes });
    expect((await grant(['*'])).body.code).toBe('token.scope-exceeded');
    expect((await grant(['messages:read'])).body.code).toBe('token.scope-exceeded');
    expect((await grant(['account:read'])).status).toBe(201);
    expect((await grant()).body.scopes).toEqual(['account:read', 'account:write']);
    expect((await grant(['account:everything'])).body.code).toBe('request.invalid');
  });

  it('lets no token make one that lives longer', async () => {
    const { token } = await gateway.aTenant();
    const expiresAt = '2100-01-01T00:00:00.000Z';
    const { body: parent } = await createToken(token, { name: 'parent', expiresAt });
    const child = (end?: string | null) => createToken(parent.token, { name: 'child', expiresAt: end });
    for (const end of [null, '2100-01-01T00:00:00.001Z'])
      expect(await child(end)).toMatchObject({ status: 403, body: { code: 'token.expiry-exceeded' } });
    for (const end of [undefined, expiresAt])
      expect(await child(end)).toMatchObject({ status: 201, body: { expiresAt } });
  });

  it('lets no token revoke one that may do more', async () => {
    const { token } = await gateway.aTenant();
    const { body: limited } = await createToken(token, { name: 'limited', scopes: ['account:write'] });
    const { body: strong } = await createToken(token, { name: 'strong' });
    const revoke = (id: string) => gateway.call(`DELETE /v1/tokens/${id}`, { token: limited.token });
    expect(await revoke(strong.id)).toMatchObject({ status: 403, body: { code: 'token.scope-exceeded' } });
    expect(await statusOf(strong.token)).toBe(200);
    expect((await revoke(limited.id)).status).toBe(204);
  });

  it("neither shows nor revokes another user's tokens", async () => {
    const [one, two] = [await gateway.aTenant(), await gateway.aTenant()];
    const created = await createToken(one.token, { name: 'mine' });
    const revoked = await gateway.call(`DELETE /v1/tokens/${created.body.id}`, { token: two.token });
    expect([revoked.status, revoked.body.code]).toEqual([404, 'token.not-found']);
    expect(await statusOf(created.body.token)).toBe(200);
  });

  it('notes when a token was used', async () => {
    const { token } = await gateway.aTenant();
    await statusOf(token);
    const seen = async () =>
      (await gateway.call('GET /v1/tokens', { token })).body.items[0]?.lastUsedAt as string | null;
    let lastUsedAt = await seen();
    for (let tries = 0; lastUsedAt === null && tries < 50; tries += 1) lastUsedAt = await seen();
    expect(Date.parse(lastUsedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each([
    ['nothing', {}, 'token.missing'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'token.missing'],
    ['a token nobody has', { authorization: `Bearer swb_${'a'.repeat(43)}` }, 'token.invalid'],
    ['a malformed token', { authorization: 'Bearer a b c' }, 'token.invalid'],
  ])('refuses %s', async (_, headers, code) => {
    const answer = await gateway.call('GET /v1/me', { headers });
    expect([answer.status, answer.body.code]).toEqual([401, code]);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="switchboard"/);
  });

  it('takes no token from the query or the body', async () => {
    const { token } = await gateway.aTenant();
    expect((await gateway.call(`GET /v1/me?access_token=${token}`)).status).toBe(401);
    const body = { access_token: token, name: 'x' };
    expect((await gateway.call('POST /v1/tokens', { body })).status).toBe(401);
  });
});
