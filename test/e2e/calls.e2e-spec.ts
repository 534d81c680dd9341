import type { UpdateSettingsDto } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

describe('calls', () => {
  const linked = useSession({ types: ['call.rejected', 'call.offered'] });
  const { stack } = linked;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;

  beforeAll(async () => {
    ({ tenant, session, phone } = linked);
    ana = await stack.simulator.aContact('reader', { name: 'Ana' });
  });

  const simulate = <T>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const ring = async (from: SimulatedContact, order: object = {}) =>
    (await simulate<{ id: string }>(`POST /accounts/${from.pn}/call`, { to: phone, ringMs: 60_000, ...order })).id;
  const stateOf = async (id: string) =>
    (await simulate<{ items: { id: string; state: string }[] }>('GET /calls')).items.find((call) => call.id === id)
      ?.state;
  const rejectionsOf = async (id: string) =>
    (
      await simulate<{ items: { xml: string }[] }>(`GET /stanzas?account=${phone}&tag=call&direction=in&limit=1000`)
    ).items.filter(({ xml }) => xml.includes('<reject') && xml.includes(id)).length;
  const stored = (id: string) =>
    eventually('the call is stored', async () => {
      const answer = await session.api.call(`GET /calls/${id}`);
      return answer.status === 200 && answer.body;
    });
  const textsTo = async ({ pn }: SimulatedContact) =>
    // Sent again after a crash, a message comes under the same id and shows once.
    (await stack.simulator.messages(pn, phone)).filter(({ repeat }) => !repeat).map(({ text }) => text);
  const set = (settings: UpdateSettingsDto) => session.api.ok(`PATCH /settings`, settings);
  /** The data of the event, once the webhook and the log have it, once each. */
  const told = async (type: string, id: string) => (await linked.told(type, ({ data }) => data.callId === id)).data;

  it('are listed, and rejected once, with a message', async () => {
    const id = await ring(ana, { isVideo: true });
    expect(await stored(id)).toMatchObject({ callerId: ana.pn, isVideo: true, groupId: null, state: 'ringing' });
    const rejected = await session.api.ok(`POST /calls/${id}/reject`, { text: 'Please write.' });
    expect(rejected).toMatchObject({ callId: id, state: 'rejected', endedAt: expect.any(String) as string });
    expect(await stateOf(id)).toBe('rejected');
    await eventually('the caller is written to', async () => (await textsTo(ana)).includes('Please write.'));
    const caller = { waId: ana.pn, phone: ana.pn };
    const facts = { chatId: ana.pn, caller, isVideo: true, groupId: null };
    expect(await told('call.offered', id)).toMatchObject({ ...facts, fromMe: false, by: caller });
    expect(await told('call.rejected', id)).toMatchObject({ ...facts, fromMe: true, by: { waId: phone } });
    const again = await session.api.call(`POST /calls/${id}/reject`, {});
    expect(again).toMatchObject({ status: 409, body: { code: 'call.over' } });
    const unknown = await session.api.call(`POST /calls/NONE/reject`, {});
    expect(unknown).toMatchObject({ status: 404, body: { code: 'call.not-found' } });
    const page = await session.api.ok(`GET /calls?state=rejected&limit=1`);
    expect(page.items.map(({ callId }) => callId)).toEqual([id]);
  });

  it.each([
    ['a state that there is not', 'GET /calls?state=loud', undefined, '/state', 'ringing'],
    ['a text that is too long', 'POST /calls/ANY/reject', { text: 'x'.repeat(1001) }, '/text', '1000'],
    ['an unknown field', 'POST /calls/ANY/reject', { reason: 'busy' }, '/reason', 'known'],
    ['a link to nothing', 'POST /calls/links', { media: 'smoke' }, '/media', 'audio, video'],
    [
      'a link for no time',
      'POST /calls/links',
      { media: 'audio', startsAt: 'soon' },
      '/startsAt',
      '2030-01-31T12:00:00Z',
    ],
    [
      'a standing text that is too long',
      'PATCH /settings',
      { callRejection: { kinds: ['all'], text: 'x'.repeat(1001) } },
      '/callRejection/text',
      '1000',
    ],
    [
      'a kind that there is not',
      'PATCH /settings',
      { callRejection: { kinds: ['loud'] } },
      '/callRejection/kinds',
      'unknown',
    ],
  ])('refuse %s', async (_, route, body, pointer, limit) => {
    const answer = await session.api.raw(route, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
    expect(JSON.stringify(answer.body.errors)).toContain(limit);
  });

  it('are rejected by themselves, by kind, and left alone otherwise', async () => {
    await set({ callRejection: { kinds: ['video', 'unknown'], text: 'No calls here.' } });
    await simulate(`POST /accounts/${phone}/phone`, { op: 'contact', contact: ana.pn, name: 'Ana from work' });
    await eventually('Ana is in the address book', async () =>
      (await tenant.events('contact.updated')).some(({ data }) => JSON.stringify(data).includes('Ana from work')),
    );
    const known = await ring(ana);
    await stored(known);
    const video = await ring(ana, { isVideo: true });
    await told('call.rejected', video);
    expect([await stateOf(known), await stateOf(video)]).toEqual(['ringing', 'rejected']);
    const stranger = await stack.simulator.aContact('reader');
    const strange = await ring(stranger);
    await told('call.rejected', strange);
    await eventually('both are written to', async () =>
      [await textsTo(ana), await textsTo(stranger)].every((texts) => texts.includes('No calls here.')),
    );
    const settings = await session.api.ok(`GET /settings`);
    expect(settings.callRejection).toEqual({ kinds: ['video', 'unknown'], text: 'No calls here.' });
  });

  it('are rejected once and answered once, also when the process dies in between', async () => {
    await set({ callRejection: { kinds: ['all'], text: 'Away.' } });
    const ben = await stack.simulator.aContact('reader');
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      ids.push(await ring(ben));
      await new Promise((resolve) => setTimeout(resolve, round * 60));
      await stack.gateway.kill();
      await stack.gateway.start();
      await session.becomes('connected');
    }
    for (const id of ids) await told('call.rejected', id);
    await eventually('each call is answered', async () => (await textsTo(ben)).length >= ids.length);
    for (const [round, id] of ids.entries()) {
      expect(await stateOf(id)).toBe('rejected');
      // A crash between the network's answer and our own note of it is the one case for another stanza, which changes nothing.
      expect(await rejectionsOf(id)).toBeLessThanOrEqual(1 + ids.length - round);
      expect((await tenant.events('call.rejected')).filter(({ data }) => data.callId === id)).toHaveLength(1);
    }
    expect(await textsTo(ben)).toEqual(ids.map(() => 'Away.'));
    const { items } = await session.api.ok(`GET /calls?state=rejected`);
    expect(items.map(({ callId }) => callId)).toEqual(expect.arrayContaining(ids));
    await set({ callRejection: null });
    const last = await ring(ben);
    await told('call.offered', last);
    expect(await stateOf(last)).toBe('ringing');
  });

  it('have links', async () => {
    const link = await session.api.ok(`POST /calls/links`, { media: 'video' });
    expect(link.url).toMatch(/^https:\/\/call\.whatsapp\.com\/video\/\w+/);
    const startsAt = '2030-01-31T12:00:00Z';
    const later = await session.api.ok(`POST /calls/links`, {
      media: 'audio',
      startsAt,
    });
    expect(later.url).toMatch(/^https:\/\/call\.whatsapp\.com\/voice\/\w+/);
  });

  it('go on ringing when they cannot be rejected, because the session is stopped', async () => {
    const id = await ring(ana);
    await stored(id);
    await session.api.ok(`POST /stop`);
    const rejected = await session.api.call(`POST /calls/${id}/reject`, { text: 'Too late.' });
    expect(rejected).toMatchObject({ status: 409, body: { code: 'session.not-connected' } });
    expect(await stored(id)).toMatchObject({ state: 'ringing', endedAt: null });
    expect(await stateOf(id)).toBe('ringing');
    const refused = await session.api.call(`POST /calls/links`, { media: 'video' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'session.not-connected' } });
  });
});
