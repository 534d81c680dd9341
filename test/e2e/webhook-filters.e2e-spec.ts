import { type CreateWebhookDto, ok, type UpdateSettingsDto } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';
import { Webhook } from 'standardwebhooks';

const wordsOf = ({ data }: EventBody) => data.message?.text;

describe('what webhooks get', () => {
  const stack = useStack();
  const receivers: WebhookReceiver[] = [];
  afterAll(async () => {
    for (const receiver of receivers) await receiver.stop();
  });

  async function aReceiver(): Promise<WebhookReceiver> {
    const receiver = await WebhookReceiver.start();
    receivers.push(receiver);
    return receiver;
  }
  async function aHook(tenant: GatewayTenant, filters: object): Promise<WebhookReceiver> {
    const receiver = await aReceiver();
    await ok(tenant.client.POST('/v1/webhooks', { body: { url: receiver.url, ...filters } }));
    return receiver;
  }
  async function aLink() {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const contact = await stack.simulator.aContact('silent');
    const group = { subject: 'Choir', owner: contact.pn, members: [phone] };
    const { jid } = await stack.simulator.api.ok<{ jid: string }>('POST /groups', group);
    return { tenant, phone, session, contact, group: jid };
  }
  /** One message of each kind, in this order. */
  async function talk({ session, contact, phone, group }: Awaited<ReturnType<typeof aLink>>): Promise<void> {
    await stack.simulator.send(contact.pn, phone, { text: 'from a person' });
    await seen(session, 'from a person');
    await stack.simulator.send(contact.pn, group, { text: 'in the group' });
    await seen(session, 'in the group');
    await stack.simulator.api.ok(`POST /accounts/${contact.pn}/media`, {
      to: phone,
      kind: 'image',
      caption: 'a picture',
    });
    await seen(session, 'a picture');
    await session.send(contact.pn, 'from here', { wait: true });
    await stack.simulator.send(phone, contact.pn, { text: 'from the phone' });
    await seen(session, 'from the phone');
  }
  const seen = ({ tenant, path }: GatewaySession, text: string) =>
    eventually(`the message "${text}"`, async () => {
      const { items } = await tenant.api.ok(`GET ${path}/messages`);
      return items.some((message) => message.text === text);
    });
  /** The words of the messages that came, once everything has that was under way. */
  async function words(tenant: GatewayTenant, ...hooks: WebhookReceiver[]) {
    const { items } = await ok(tenant.client.GET('/v1/webhooks'));
    for (const { id } of items) await ok(tenant.client.POST('/v1/webhooks/{id}/test', { params: { path: { id } } }));
    for (const hook of hooks) await hook.delivery('the test', ({ type }) => type === 'test');
    await eventually('nothing is pending', async () => {
      const pending = await ok(tenant.client.GET('/v1/deliveries', { params: { query: { status: 'pending' } } }));
      return pending.items.length === 0;
    });
    return hooks.map((hook) =>
      hook.received
        .map(({ event }) => event)
        .filter(({ data }) => data.message)
        .map(wordsOf),
    );
  }

  it('is chosen by chat, side, file and origin', async () => {
    const link = await aLink();
    const { tenant } = link;
    const hooks = [
      await aHook(tenant, { only: ['group'] }),
      await aHook(tenant, { skips: ['group', 'own'] }),
      await aHook(tenant, { only: ['media'] }),
      await aHook(tenant, { only: ['own'], skips: ['api'] }),
      await aHook(tenant, { only: ['api'] }),
      await aHook(tenant, { only: ['own', 'group'] }),
    ];
    await talk(link);
    expect(await words(tenant, ...hooks)).toEqual([
      ['in the group'],
      ['from a person', 'a picture'],
      ['a picture'],
      ['from the phone'],
      ['from here'],
      [],
    ]);
  });

  it('leaves out what the session skips, which the log has all the same', async () => {
    const link = await aLink();
    const { tenant, session } = link;
    const settings: UpdateSettingsDto = { skips: ['group', 'api', 'group'], mediaDownload: 'none' };
    expect(
      await ok(tenant.client.PATCH('/v1/sessions/{sessionId}/settings', { ...session.at(), body: settings })),
    ).toMatchObject({
      skips: ['group', 'api'],
      globalSkips: [],
      mediaDownload: 'none',
    });
    const hook = await aHook(tenant, {});
    await talk(link);
    expect(await words(tenant, hook)).toEqual([['from a person', 'a picture', 'from the phone']]);
    const log = await tenant.events('message.*');
    expect(log.flatMap((event) => wordsOf(event) ?? [])).toEqual(
      expect.arrayContaining(['in the group', 'from here', 'from a person']),
    );
    expect(log.map(({ type }) => type)).not.toContain('message.media');

    const file = await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
    const { id } = file.items.find(({ text }) => text === 'a picture')!;
    await tenant.api.call(`GET ${session.path}/messages/${id}/media`);
    await hook.delivery('the file that was asked for', ({ type }) => type === 'message.media');
  });

  it('of the operator are the events of all tenants, but for sessions that opt out', async () => {
    const { admin } = stack.gateway;
    const operator = await aReceiver();
    const order = { url: operator.url, types: ['message.received', 'test'] };
    const { id, secret } = await admin.ok('POST /v1/admin/webhooks', order);
    const [first, second, third] = [await aLink(), await aLink(), await aLink()];
    await ok(
      third.tenant.client.PATCH('/v1/sessions/{sessionId}/settings', {
        ...third.session.at(),
        body: { globalSkips: ['webhook'] },
      }),
    );
    const own = await aHook(third.tenant, { types: ['message.received', 'test'] });
    for (const { contact, phone } of [third, first, second])
      await stack.simulator.send(contact.pn, phone, { text: `to ${phone}` });
    const about = ({ tenant, session, phone }: typeof first) => [tenant.id, session.id, `to ${phone}`];
    for (const link of [first, second])
      await operator.delivery('a message', (event) => wordsOf(event) === `to ${link.phone}`);
    await own.delivery('a message', (event) => wordsOf(event) === `to ${third.phone}`);
    expect(
      operator.received
        .map(({ event }) => [event.tenantId, event.sessionId, wordsOf(event)])
        .sort((a, b) => (String(a[2]) < String(b[2]) ? -1 : 1)),
    ).toEqual([about(first), about(second)]);

    const { eventId } = await admin.ok(`POST /v1/admin/webhooks/${id}/test`);
    const { headers, raw } = await operator.delivery('the test', ({ type }) => type === 'test');
    expect(headers['webhook-id']).toBe(eventId);
    new Webhook(secret).verify(raw, headers as Record<string, string>);
    expect(await first.tenant.events('test')).toEqual([]);

    const { items } = await admin.ok('GET /v1/admin/webhooks');
    expect(items.map((hook) => hook.id)).toEqual([id]);
    expect((await ok(first.tenant.client.GET('/v1/webhooks'))).items).toEqual([]);
    expect(await first.tenant.api.call(`GET /v1/webhooks/${id}`)).toMatchObject({ status: 404 });
    const rotated = await admin.ok(`POST /v1/admin/webhooks/${id}/secret`, { keepHours: 0 });
    expect(rotated).toEqual({ secret: expect.stringMatching(/^whsec_/) as string, previousSecretUntil: null });
    expect(await admin.ok(`PATCH /v1/admin/webhooks/${id}`, { only: ['group'] })).toMatchObject({ only: ['group'] });
    await admin.ok(`DELETE /v1/admin/webhooks/${id}`);
    expect(await admin.call(`GET /v1/admin/webhooks/${id}`)).toMatchObject({ status: 404 });
  });

  it('changes its secret, also when nothing is said', async () => {
    const tenant = await stack.gateway.aTenant();
    const { id } = await ok(tenant.client.POST('/v1/webhooks', { body: { url: 'https://example.com/' } }));
    const { secret, previousSecretUntil } = await ok(
      tenant.client.POST('/v1/webhooks/{id}/secret', { params: { path: { id } } }),
    );
    expect(secret).toMatch(/^whsec_/);
    const hours = (Date.parse(previousSecretUntil!) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    expect(await ok(tenant.client.GET('/v1/webhooks/{id}', { params: { path: { id } } }))).toMatchObject({
      previousSecretUntil,
    });
    const tooLong = await tenant.api.call(`POST /v1/webhooks/${id}/secret`, { keepHours: 169 });
    expect([tooLong.status, tooLong.body.code]).toEqual([400, 'request.invalid']);
  });

  it.each([
    [{ only: ['groups'] }, '/only'],
    [{ skips: 'group' }, '/skips'],
    [{ skips: [null] }, '/skips'],
  ])('refuses the filter %j and names the field', async (filter, pointer) => {
    const tenant = await stack.gateway.aTenant();
    const { status, body } = await tenant.api.raw('POST /v1/webhooks', { url: 'https://example.com/', ...filter });
    expect([status, body.code, body.errors?.map((error) => error.pointer)]).toEqual([
      400,
      'request.invalid',
      [pointer],
    ]);
  });

  it('merges: what a change leaves out stays, null clears', async () => {
    const tenant = await stack.gateway.aTenant();
    const url = 'https://example.com/';
    const made: CreateWebhookDto = { url, types: ['message.*'], only: ['group'], skips: ['own'] };
    const { id } = await ok(tenant.client.POST('/v1/webhooks', { body: made }));
    expect(
      await ok(tenant.client.PATCH('/v1/webhooks/{id}', { params: { path: { id } }, body: { only: null } })),
    ).toMatchObject({ ...made, only: [] });
    const changed = await ok(
      tenant.client.PATCH('/v1/webhooks/{id}', {
        params: { path: { id } },
        body: { types: null, skips: ['status', 'broadcast'] },
      }),
    );
    expect(changed).toMatchObject({ url, types: [], only: [], skips: ['status', 'broadcast'], isEnabled: true });
  });
});
