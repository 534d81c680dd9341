import type { components } from '@app/client/api.js';
import { ok } from '@app/client/client.js';
import { useSession } from '@app/testing/use-session.js';

type RefreshWishes = components['schemas']['RefreshSessionDto'];

describe('refreshing a session', () => {
  const linked = useSession({
    before: async ({ simulator }, phone) => {
      const ana = await simulator.aContact('reader', { name: 'Ana' });
      await simulator.api.ok('POST /accounts', { pn: phone });
      await simulator.api.ok('POST /groups', { subject: 'Choir', owner: ana.pn, members: [phone] });
    },
  });
  const { stack } = linked;
  const simulate = <T = Record<string, unknown>>(route: string, body?: object) =>
    stack.simulator.api.ok<T>(route, body);
  /** Which connections the account has. */
  const connections = async () => {
    const { items } = await simulate<{ items: { pn?: string; id: string }[] }>('GET /connections');
    return JSON.stringify(items.filter(({ pn }) => pn === linked.phone));
  };
  const refresh = (wishes: RefreshWishes) =>
    ok(
      linked.tenant.client.POST('/v1/sessions/{sessionId}/refresh', {
        ...linked.session.at(),
        body: wishes,
      }),
    );
  const refused = async (path: `/v1/sessions/${string}/refresh`, body: object = {}) => {
    const { status, body: problem } = await linked.tenant.api.raw(`POST ${path}`, body);
    return [status, problem.code];
  };

  afterEach(() => simulate('DELETE /faults'));

  it('connects anew and reads what may have been missed; it is told, and messages flow', async () => {
    const before = await connections();
    const { steps, isDone, preKeys, collections, groups, historyId } = await refresh({});
    expect(steps.map(({ step, code }) => [step, code])).toEqual([
      ['reconnect', null],
      ['preKeys', null],
      ['appState', null],
      ['privacy', null],
    ]);
    expect(isDone).toBe(true);
    expect(preKeys).toEqual({ onServer: expect.any(Number) as number, isRefilled: false });
    expect(collections?.map(({ name, isRead }) => [name, isRead])).toContainEqual(['regular_low', true]);
    expect([groups, historyId]).toEqual([null, null]);
    expect(await connections()).not.toBe(before);
    await linked.heard('session.status', ({ data }) => data.status === 'connecting');
    const { client } = linked.tenant;
    expect((await ok(client.GET('/v1/sessions/{sessionId}', linked.session.at()))).status).toBe('connected');
    const ben = await stack.simulator.aContact('reader');
    expect((await linked.session.send(ben.pn, 'still here', { wait: true })).status).not.toBe('pending');
  });

  it('does what is wanted and nothing else', async () => {
    const nothing = { reconnect: false, preKeys: false, appState: false, privacy: false };
    expect(await refresh(nothing)).toMatchObject({ steps: [], isDone: true });
    const before = await connections();
    const wanted = await refresh({ ...nothing, groups: true, history: true });
    expect(wanted.steps.map(({ step, isDone }) => [step, isDone])).toEqual([
      ['groups', true],
      ['history', true],
    ]);
    expect(wanted.groups).toBe(1);
    const { items } = await ok(linked.tenant.client.GET('/v1/sessions/{sessionId}/history', linked.session.at()));
    expect(items.map(({ id }) => id)).toContain(wanted.historyId);
    expect(await connections()).toBe(before);
  });

  it('goes on after a step that fails, and says why it did', async () => {
    const match = { account: linked.phone, tag: 'iq', direction: 'in', childTag: 'participating' };
    await simulate('POST /faults', { match, action: { kind: 'error', code: 403 } });
    const { steps, isDone, groups } = await refresh({ reconnect: false, groups: true, history: true });
    expect(isDone).toBe(false);
    expect(steps.filter((step) => !step.isDone)).toMatchObject([{ step: 'groups', code: 'group.forbidden' }]);
    expect(steps.at(-1)).toMatchObject({ step: 'history', isDone: true });
    expect(groups).toBeNull();
  });

  it('works from a process that does not hold the session', async () => {
    const { token } = await ok(linked.tenant.client.POST('/v1/tokens', { body: { name: 'other process' } }));
    const other = await stack.gateway.another({ ROLES: 'api' });
    const before = await connections();
    const { client } = other.client(token);
    const { isDone } = await ok(client.POST('/v1/sessions/{sessionId}/refresh', { ...linked.session.at(), body: {} }));
    await other.kill();
    expect(isDone).toBe(true);
    expect(await connections()).not.toBe(before);
  });

  it('is refused for what is not connected, not linked, or not there', async () => {
    const fresh = await linked.tenant.aSession();
    expect(await refused(`${fresh.path}/refresh`)).toEqual([409, 'session.not-connected']);
    expect(await refused('/v1/sessions/ses_none/refresh')).toEqual([404, 'session.not-found']);
    expect(await refused(`${linked.session.path}/refresh`, { everything: true })).toEqual([400, 'request.invalid']);
    await ok(linked.tenant.client.POST('/v1/sessions/{sessionId}/stop', linked.session.at()));
    expect(await refused(`${linked.session.path}/refresh`)).toEqual([409, 'session.not-connected']);
  });
});
