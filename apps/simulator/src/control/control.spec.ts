import { control } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

describe('the control API', () => {
  const world = useSimulator({ seed: 'control' });

  it('asks for the token everywhere but at the health check', async () => {
    const stranger = { ...world.simulator, token: 'wrong' };
    expect(await control(stranger, 'GET', '/health')).toMatchObject({ status: 200 });
    expect(await control(stranger, 'GET', '/accounts')).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    expect(await control(stranger, 'GET', '/nowhere')).toMatchObject({ status: 401 });
  });

  it('tells what a gateway must be configured with', async () => {
    const { socketUrl, rootKey, mediaHost, caFile } = world.simulator;
    expect(await world.get('/network')).toEqual({ socketUrl, rootKey, mediaHost, caFile });
  });

  it.each([
    ['POST', '/accounts', { colour: 'red' }, 'request.invalid'],
    ['POST', '/accounts', { pn: 'abc' }, 'request.invalid'],
    ['POST', '/accounts', { behaviour: 'dancing' }, 'request.invalid'],
    ['POST', '/accounts', { rules: [{ match: '(', text: 'x' }] }, 'request.invalid'],
    ['POST', '/accounts', { pn: '4917000000', count: 2 }, 'request.invalid'],
    ['POST', '/pair', { pn: '4917000000' }, 'request.invalid'],
    ['POST', '/accounts/999/send', { to: '4917000000', text: 'x' }, 'account.unknown'],
    ['POST', '/accounts/999/phone', { op: 'logoutDevice' }, 'account.unknown'],
    ['POST', '/connections/999/kick', { how: 'gently' }, 'request.invalid'],
    ['POST', '/faults', { match: {}, action: { kind: 'delay' } }, 'request.invalid'],
    ['POST', '/faults', { match: { planet: 'Mars' }, action: { kind: 'drop' } }, 'request.invalid'],
    ['DELETE', '/faults/none', undefined, 'fault.unknown'],
    ['GET', '/messages', undefined, 'request.invalid'],
    ['GET', '/stanzas?limit=many', undefined, 'request.invalid'],
    ['GET', '/nowhere', undefined, 'route.unknown'],
  ])('refuses %s %s %j with a problem', async (method, path, body, code) => {
    const answer = await control(world.simulator, method, path, body);
    expect(answer.body).toMatchObject({ code, status: answer.status });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('survives a body that is not JSON', async () => {
    const headers = { authorization: `Bearer ${world.simulator.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${world.simulator.url}/accounts`, { method: 'POST', headers, body: '{"pn":' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['POST', '/reset', 200],
    ['POST', '/accounts', 201],
    ['DELETE', '/faults', 200],
    ['POST', '/clock', 400],
  ])('reads an empty body announced as JSON at %s %s as none', async (method, path, status) => {
    const headers = { authorization: `Bearer ${world.simulator.token}`, 'content-type': 'application/json' };
    expect((await fetch(world.simulator.url + path, { method, headers })).status).toBe(status);
  });

  it.each([
    ['/accounts', { colour: 'red' }, '/colour', /not a known field.*behaviour/],
    ['/accounts', { behaviour: 'dancing' }, '/behaviour', /must be one of .*echo/],
    ['/pair', { pn: '4917000000' }, '/qr', /is missing/],
    ['/faults', { match: {}, action: { kind: 'explode' } }, '/action/kind', /must be one of drop, delay/],
    ['/faults', { match: {}, action: { kind: 'delay', ms: 1, seconds: 1 } }, '/action/seconds', /known are kind, ms/],
    ['/media/faults', { action: { kind: 'slow', code: 1, bytesPerSec: 1 } }, '/action/code', /known are kind, bytes/],
    ['/media/faults', { action: { kind: 'lost' } }, '/action/kind', /must be one of status, timeout/],
    ['/connections/kick', { how: 'streamError', error: 'x' }, '/error', /must be integer, or must be one of ack/],
    ['/connections/kick', { how: 'closeSocket', error: 503 }, '/error', /known are how, code/],
  ])('names what is wrong with %s %j', async (path, body, pointer, detail) => {
    const answer = await world.post<{ errors: object[]; detail: string }>(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ pointer, detail: expect.stringMatching(detail) as string }]);
    expect(answer.body.detail).toContain(pointer);
  });

  it('refuses logins until that is undone', async () => {
    const [{ pn }, path] = [await world.aContact(), (of: string) => `/accounts/${of}/refuse-login`];
    expect(await world.post(path(pn), { reason: 503, times: 2 })).toMatchObject({ status: 200 });
    expect(await world.get(path(pn))).toEqual({ reason: 503, times: 2 });
    expect(await world.remove(path(pn))).toMatchObject({ status: 204 });
    expect(await world.get(path(pn))).toMatchObject({ code: 'refusal.none' });
  });

  it('refuses to give a number away twice', async () => {
    await world.aContact({ pn: '4917012345' });
    expect(await world.post('/accounts', { pn: '4917012345' })).toMatchObject({
      status: 409,
      body: { code: 'account.exists' },
    });
  });

  it('counts what it does not implement and answers it with 501', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const attrs = { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:weather' };
    const query = client.socket.query({ tag: 'iq', attrs, content: [{ tag: 'forecast', attrs: {} }] });
    await expect(query).rejects.toMatchObject({ data: 501 });
    const unanswered = await world.get<{ items: object[] }>('/unanswered');
    expect(unanswered.items).toContainEqual({ kind: 'iq get w:weather forecast', count: 1 });
    const metrics = await world.get<string>('/metrics');
    expect(metrics).toContain('simulator_unanswered_total{kind="iq get w:weather forecast"} 1');
    expect(metrics).toMatch(/simulator_connections \d+/);
    expect(metrics).toMatch(/simulator_stanzas_total\{tag="iq",direction="in"\} \d+/);
    expect(metrics).toContain('simulator_errors_total 0');
  });

  it('lists connections', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const { items } = await world.get<{ items: object[] }>('/connections');
    expect(items).toContainEqual(expect.objectContaining({ pn: client.pn, device: 1 }));
  });

  it('waits for a stanza, and gives up in time', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const { lastSeq } = await world.get<{ lastSeq: number }>('/stanzas?limit=1');
    const waiting = world.get(`/stanzas/wait?account=${client.pn}&tag=message&direction=in&since=${lastSeq}`);
    const id = await client.sendText(contact.pn, 'caught');
    expect(await waiting).toMatchObject({ tag: 'message', direction: 'in', device: 1, attrs: { id } });
    expect(await control(world.simulator, 'GET', '/stanzas/wait?tag=unicorn&timeoutMs=20')).toMatchObject({
      status: 408,
      body: { code: 'stanza.timeout' },
    });
  });
});
