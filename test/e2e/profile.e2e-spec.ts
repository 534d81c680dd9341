import type { UpdatePrivacyDto } from '@app/client/client.js';
import type { InputOf } from '@app/testing/api-route.js';
import type { HttpAnswer } from '@app/testing/http-client.js';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { useSession } from '@app/testing/use-session.js';
import sharp from 'sharp';

interface Account {
  name: string;
  about: string;
  privacy: Record<string, string>;
  disappearingSeconds: number;
  everAvailable: boolean;
}
interface Problem {
  code: string;
  errors?: { pointer: string; detail: string }[];
}

describe('profile and privacy of the account', () => {
  const linked = useSession();
  const { stack } = linked;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;

  beforeAll(async () => {
    ({ tenant, session, phone } = linked);
  });

  const aPicture = () =>
    sharp({ create: { width: 900, height: 500, channels: 3, background: '#c33' } })
      .png()
      .toBuffer();
  const seen = () => stack.simulator.api.ok<Account>(`GET /accounts/${phone}`);
  const profile = () => session.api.ok('GET /profile');
  const setName = (name: string) => session.api.call('PUT /profile/name', { name });
  const setAbout = (about: string) => session.api.call('PUT /profile/about', { about });
  const setPicture = (picture: InputOf<'PUT /v1/sessions/{sessionId}/profile/picture'>) =>
    session.api.call('PUT /profile/picture', picture);
  const told = linked.heard.bind(linked);
  const changes = (expected: object) => (event: EventBody) =>
    JSON.stringify(event.data.changes) === JSON.stringify(expected);
  const refused = ({ status, body }: HttpAnswer<Partial<Problem>>, code: string, pointer?: string) => {
    expect({ status, code: body.code }).toEqual({ status: 400, code });
    if (pointer) expect(body.errors?.map((error) => error.pointer)).toEqual([pointer]);
  };

  it('changes the name, without making the account available', async () => {
    expect((await setName('Acme Sales')).status).toBe(204);
    const isNamed = ({ data }: EventBody) => (data.me as { name?: string } | null)?.name === 'Acme Sales';
    await told('session.status', isNamed);
    await eventually('the phone has the name', async () => (await seen()).name === 'Acme Sales');
    expect(await profile()).toMatchObject({ waId: phone, name: 'Acme Sales' });
    expect((await session.get()).me).toMatchObject({ name: 'Acme Sales' });
    expect((await seen()).everAvailable).toBe(false);
    const long = await setName('x'.repeat(26));
    refused(long, 'request.invalid', '/name');
    expect(long.body.errors?.[0]?.detail).toContain('25');
    refused(await setName(''), 'request.invalid', '/name');
    expect((await seen()).name).toBe('Acme Sales');
  });

  it('changes what the account says about itself', async () => {
    expect((await setAbout('At work until five')).status).toBe(204);
    expect((await seen()).about).toBe('At work until five');
    const { about, aboutSince } = await profile();
    expect(about).toBe('At work until five');
    expect(Date.parse(aboutSince ?? '')).toBeGreaterThan(0);
    const event = await told('contact.updated', changes({ about: 'At work until five' }));
    expect(event.data.person).toMatchObject({ waId: phone, phone });
    expect((await setAbout('')).status).toBe(204);
    expect((await profile()).about).toBe('');
    const long = await setAbout('x'.repeat(140));
    refused(long, 'request.invalid', '/about');
    expect(long.body.errors?.[0]?.detail).toContain('139');
    expect((await seen()).about).toBe('');
  });

  it('sets and removes the picture, from base64, a form and the library', async () => {
    expect((await profile()).picture).toBeNull();
    const png = await aPicture();
    expect((await setPicture({ data: png.toString('base64') })).status).toBe(204);
    const first = (await profile()).picture;
    const { url } = await stack.simulator.api.ok<{ url: string }>(`GET /accounts/${phone}/picture`);
    expect(first).toMatchObject({ url, previewUrl: expect.stringContaining('https://') as string });
    await told('contact.updated', changes({ picture: 'changed' }));

    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), 'me.png');
    expect((await setPicture(form)).status).toBe(204);
    expect((await profile()).picture?.id).not.toBe(first?.id);
    const stored = await tenant.api.ok('POST /v1/media/import', { data: png.toString('base64') });
    expect((await setPicture({ mediaId: stored.id })).status).toBe(204);

    expect((await session.api.call(`DELETE /profile/picture`)).status).toBe(204);
    expect((await profile()).picture).toBeNull();
    await told('contact.updated', changes({ picture: 'removed' }));
    refused(await setPicture({ data: Buffer.from('no picture').toString('base64') }), 'media.wrong-kind');
    refused(await setPicture({}), 'media.one-source');
    refused(await setPicture({ data: 'not base64!' }), 'media.not-base64', '/data');
    refused(await setPicture({ url: 'http://169.254.169.254/me.png' }), 'media.fetch-failed', '/url');
  });

  it('lists the devices of the account', async () => {
    const { items } = await session.api.ok(`GET /profile/devices`);
    expect(items).toEqual([
      expect.objectContaining({ id: 0, isPhone: true, isThis: false }),
      expect.objectContaining({ id: 1, isPhone: false, isThis: true }),
    ]);
  });

  const privacy = () => session.api.call('GET /privacy');
  const setPrivacy = (settings: UpdatePrivacyDto) => session.api.call('PATCH /privacy', settings);

  it('reads and changes every privacy setting', async () => {
    expect((await privacy()).body).toMatchObject({
      lastSeen: 'all',
      readReceipts: 'all',
      defaultDisappearingSeconds: 0,
    });
    const wanted: UpdatePrivacyDto = {
      lastSeen: 'nobody',
      online: 'same-as-last-seen',
      profilePicture: 'contacts',
      about: 'contacts',
      readReceipts: 'nobody',
      groups: 'contacts',
      calls: 'known',
      messages: 'contacts',
      defaultDisappearingSeconds: 604_800,
    };
    const changed = await setPrivacy(wanted);
    expect(changed).toMatchObject({ status: 200, body: wanted });
    expect((await seen()).privacy).toEqual({
      last: 'none',
      online: 'match_last_seen',
      profile: 'contacts',
      status: 'contacts',
      readreceipts: 'none',
      groupadd: 'contacts',
      calladd: 'known',
      messages: 'contacts',
    });
    expect((await seen()).disappearingSeconds).toBe(604_800);
    expect((await setPrivacy({ lastSeen: 'all' })).body).toMatchObject({ lastSeen: 'all', messages: 'contacts' });
    refused(await session.api.raw('PATCH /privacy', { online: 'nobody' }), 'request.invalid', '/online');
    refused(
      await session.api.raw('PATCH /privacy', { defaultDisappearingSeconds: 5 }),
      'request.invalid',
      '/defaultDisappearingSeconds',
    );
  });

  it.each([
    ['forbids', 403, 403, 'whatsapp.forbidden'],
    ['wants to be asked less often', 429, 429, 'whatsapp.rate-limited'],
  ])('tells which setting was not taken when WhatsApp %s', async (_, code, status, problem) => {
    const match = { account: phone, tag: 'iq', type: 'set', childTag: 'privacy', direction: 'in' };
    // The first of both settings is taken.
    await stack.simulator.api.ok('POST /faults', {
      match: { ...match, nth: 2 },
      action: { kind: 'error', code },
      times: 1,
    });
    const before = (await seen()).privacy;
    const answer = await setPrivacy({ about: 'nobody', groups: 'nobody' });
    expect(answer).toMatchObject({ status, body: { code: problem, errors: [{ pointer: '/groups' }] } });
    if (status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await seen()).privacy).toEqual({ ...before, status: 'none' });
    await setPrivacy({ about: 'contacts' });
    await stack.simulator.api.call('DELETE /faults');
  });

  it.each([
    ['a name', 'PUT /profile/name', 'sync', () => ({ name: 'Nobody' })],
    ['an about text', 'PUT /profile/about', 'status', () => ({ about: 'Nothing' })],
    ['a picture', 'PUT /profile/picture', 'picture', async () => ({ data: (await aPicture()).toString('base64') })],
  ])('says so when WhatsApp refuses %s, and tells of no change', async (_, route, childTag, body) => {
    const before = await profile();
    const told = (await tenant.events('contact.updated')).length;
    const match = { account: phone, tag: 'iq', type: 'set', direction: 'in', childTag };
    const fault = { match, action: { kind: 'error', code: 403 } };
    const { id } = await stack.simulator.api.ok<{ id: string }>('POST /faults', fault);
    expect(await session.api.raw(route, await body())).toMatchObject({
      status: 403,
      body: { code: 'whatsapp.forbidden' },
    });
    await stack.simulator.api.call(`DELETE /faults/${id}`);
    expect(await profile()).toEqual(before);
    expect((await tenant.events('contact.updated')).length).toBe(told);
  });

  it('keeps read receipts from senders once the account, or its phone, does not want them', async () => {
    const readsOf = async (hides: boolean, sender: string) => {
      const [id = ''] = await stack.simulator.send(sender, phone, { text: 'Seen?' });
      await eventually('it came in', async () =>
        (await tenant.events('message.received')).some(({ data }) => data.message?.messageId === id),
      );
      await session.api.ok(`POST /chats/${sender}/read`, {});
      const type = hides ? 'read-self' : 'read';
      await stack.simulator.api.ok(`GET /stanzas/wait?account=${phone}&tag=receipt&direction=in&id=${id}&type=${type}`);
    };
    const ana = await stack.simulator.aContact('silent');
    await readsOf(true, ana.pn);
    await setPrivacy({ readReceipts: 'all' });
    await readsOf(false, ana.pn);
    const since = (await stack.simulator.api.ok<{ lastSeq: number }>('GET /stanzas?limit=1')).lastSeq;
    await stack.simulator.api.ok(`PATCH /accounts/${phone}`, { privacy: { readreceipts: 'none' } });
    await stack.simulator.api.ok(
      `GET /stanzas/wait?account=${phone}&tag=iq&direction=in&type=get&childTag=privacy&since=${since}`,
    );
    await readsOf(true, ana.pn);
  });

  it('leaves people out, and chooses who gets statuses', async () => {
    const ben = await stack.simulator.aContact('reader');
    await session.send(ben.pn, 'Hello', { wait: true });
    const except = (people: string[]) => session.api.call('PUT /privacy/exceptions', { setting: 'lastSeen', people });
    const excepted = async () => (await session.api.ok('GET /privacy/exceptions')).items;
    const person = { waId: ben.pn, phone: ben.pn, lid: `${ben.lid}@lid` };
    expect((await except([ben.pn])).status).toBe(204);
    expect(await excepted()).toContainEqual({ setting: 'lastSeen', people: [person] });
    expect((await privacy()).body.lastSeen).toBe('contacts-except');
    await except([]);
    expect(await excepted()).toContainEqual({ setting: 'lastSeen', people: [] });
    refused(await except(['491701234567']), 'privacy.unknown-person', '/people/0');
    const many = await except(Array.from({ length: 1001 }, (_, index) => String(491700000000 + index)));
    refused(many, 'request.invalid', '/people');
    expect(many.body.errors?.[0]?.detail).toContain('1000');

    expect(await session.api.ok('GET /privacy/statuses')).toEqual({ audience: 'contacts', people: [] });
    await session.api.ok('PUT /privacy/statuses', { audience: 'only', people: [ben.pn] });
    expect(await session.api.ok('GET /privacy/statuses')).toEqual({ audience: 'only', people: [person] });
    refused(await session.api.call('PUT /privacy/statuses', { audience: 'only' }), 'request.invalid', '/people');
  });

  it('is as it was after a restart, and refuses without a connection', async () => {
    await stack.gateway.stop();
    await stack.gateway.start();
    await session.becomes('connected');
    expect(await profile()).toMatchObject({ name: 'Acme Sales', about: '', picture: null });
    expect((await privacy()).body).toMatchObject({ messages: 'contacts', defaultDisappearingSeconds: 604_800 });
    expect(await session.api.ok(`GET /privacy/statuses`)).toMatchObject({ audience: 'only' });
    await session.api.ok(`POST /stop`);
    const routes: [string, object?][] = [
      ...['profile', 'profile/devices', 'privacy', 'privacy/exceptions', 'privacy/statuses'].map((route): [string] => [
        `GET /${route}`,
      ]),
      ['PUT /profile/name', { name: 'x' }],
      ['PUT /profile/about', { about: 'x' }],
      ['DELETE /profile/picture'],
      ['PATCH /privacy', { about: 'all' }],
      ['PUT /privacy/exceptions', { setting: 'about', people: [] }],
      ['PUT /privacy/statuses', { audience: 'contacts' }],
    ];
    for (const [route, body] of routes)
      expect([route, await session.api.raw(route, body)]).toMatchObject([
        route,
        { status: 409, body: { code: 'session.not-connected' } },
      ]);
  });
});
