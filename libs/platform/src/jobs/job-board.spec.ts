import { useGateway } from '@app/testing/use-gateway.js';

describe('the job board', () => {
  const gateway = useGateway({ roles: ['api'] });
  const basic = (password: string) => `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;
  const open = (authorization?: string, headers = {}) =>
    gateway.call('GET /admin/queues', { headers: { ...(authorization && { authorization }), ...headers } });

  it('opens with the ADMIN_TOKEN as bearer token and as password of a browser', async () => {
    for (const authorization of [`Bearer ${gateway.adminToken}`, basic(gateway.adminToken)])
      expect(await open(authorization)).toMatchObject({
        status: 200,
        text: expect.stringContaining('<html') as string,
      });
  });

  it('lists the queues', async () => {
    const { status, text } = await gateway.call('GET /admin/queues/api/queues', { token: gateway.adminToken });
    expect(status).toBe(200);
    expect(text).toContain('"retention"');
  });

  it('refuses everybody else, and makes a browser ask for the password', async () => {
    const { token } = await gateway.aTenant();
    for (const authorization of [undefined, `Bearer ${token}`, 'Bearer nonsense', basic('wrong'), basic('')]) {
      const answer = await open(authorization);
      expect(answer).toMatchObject({ status: 401, body: { code: 'token.invalid' } });
      expect(answer.headers['www-authenticate']).toContain('Basic');
      const api = { headers: { ...(authorization && { authorization }) } };
      expect((await gateway.call('GET /admin/queues/api/queues', api)).status).toBe(401);
    }
  });

  it('answers no requests of other sites', async () => {
    const answer = await open(basic(gateway.adminToken), { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });
});
