import type { UpdateBusinessProfileDto } from '@app/client/client.js';
import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import sharp from 'sharp';

describe('businesses', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let shop: SimulatedContact;
  const bread = { id: '1001', name: 'Bread', price: 3500, currency: 'EUR' };
  const cake = { id: '1002', name: 'Cake', price: 12_990, currency: 'EUR' };

  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    shop = await stack.simulator.aContact('silent', { name: 'Mill Lane' });
    await stack.simulator.api.ok(`PATCH /accounts/${shop.pn}/business`, {
      verifiedName: 'Mill Lane Bakers',
      profile: { description: 'We bake', email: 'mill@example.com' },
      catalog: [bread, cake],
      collections: [{ id: 'c1', name: 'Morning', productIds: ['1001'] }],
      orders: [{ id: 'order-1', token: 'c2VjcmV0', items: [{ ...bread, quantity: 2 }] }],
      messageLinks: [{ code: 'BREAD1', message: 'I would like some bread' }],
    });
  });

  const business = () => session.api.under('/business');
  const catalog = async (query?: InputOf<'GET /v1/sessions/{sessionId}/business/catalog'>) =>
    (await business().ok('GET /catalog', query)).items;
  const onNetwork = () => stack.simulator.api.ok<Record<string, unknown>>(`GET /accounts/${phone}/business`);

  it('are the only ones with a profile and products of their own', async () => {
    expect(await business().call('GET /profile')).toMatchObject({
      status: 409,
      body: { code: 'business.not-a-business' },
    });
    expect(await business().call('PATCH /profile', { description: 'x' })).toMatchObject({
      status: 403,
      body: { code: 'business.not-a-business' },
    });
    expect(await business().call('GET /catalog')).toMatchObject({ status: 404, body: { code: 'business.not-found' } });
    expect(await business().call('DELETE /products?productIds=1')).toMatchObject({ status: 403 });
    await stack.simulator.api.ok(`PATCH /accounts/${phone}/business`, { profile: { description: 'New' } });
    expect(await business().ok('GET /profile')).toMatchObject({ description: 'New', websites: [], hours: null });
  });

  it('change what they say about themselves', async () => {
    const hours: UpdateBusinessProfileDto['hours'] = {
      timeZone: 'Asia/Jakarta',
      days: [
        { day: 'mon', mode: 'specific-hours', opensAt: '08:30', closesAt: '17:00' },
        { day: 'sun', mode: 'appointment-only' },
      ],
    };
    const websites = ['https://a.example', 'https://b.example'];
    const changes = { address: 'Mill Lane 1', email: 'me@example.com', websites, hours };
    expect(await business().ok('PATCH /profile', changes)).toMatchObject({
      description: 'New',
      address: 'Mill Lane 1',
      email: 'me@example.com',
      websites,
      hours: {
        timeZone: 'Asia/Jakarta',
        days: [{ opensAt: '08:30', closesAt: '17:00' }, { mode: 'appointment-only' }],
      },
    });
    expect(await onNetwork()).toMatchObject({
      profile: {
        hours: { days: [{ day: 'mon', mode: 'specific_hours', opensAt: '510' }, { mode: 'appointment_only' }] },
      },
    });
    const vague: typeof hours = { timeZone: 'UTC', days: [{ day: 'mon', mode: 'specific-hours' }] };
    expect(await business().call('PATCH /profile', { hours: vague })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/hours/days/0' }] },
    });
    expect(await business().call('PATCH /profile', { description: 'x'.repeat(513) })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/description' }] },
    });
  });

  it('sell products, with pictures, and show them page by page', async () => {
    const png = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const product = { name: 'Rye', description: 'Dark', price: 2.5, currency: 'EUR', retailerId: 'R1' };
    const made = await business().ok('POST /products', { ...product, images: [{ data: png.toString('base64') }] });
    expect(made).toMatchObject({ ...product, isHidden: false, reviewStatus: 'APPROVED' });
    expect(made.imageUrl).toMatch(/^https:\/\/[\w.]*whatsapp\.net\//);
    expect(await onNetwork()).toMatchObject({ catalog: [{ name: 'Rye', price: 2500 }] });
    const changed = await business().ok(`PATCH /products/${made.productId}`, { price: 2.75, isHidden: true });
    expect(changed).toMatchObject({ name: 'Rye', price: 2.75, isHidden: true });
    expect(await catalog()).toMatchObject([{ productId: made.productId, price: 2.75 }]);
    const page = await business().ok(`GET /catalog?contactId=${shop.pn}&limit=1`);
    const rest = await catalog({ contactId: shop.pn, limit: 1, cursor: page.nextCursor! });
    expect([...page.items, ...rest].map(({ name, price }) => [name, price])).toEqual([
      ['Bread', 3.5],
      ['Cake', 12.99],
    ]);
    expect(await business().ok(`GET /collections?contactId=${shop.pn}`)).toMatchObject({
      items: [{ collectionId: 'c1', name: 'Morning', products: [{ productId: '1001' }] }],
    });
    expect(await business().ok(`DELETE /products?productIds=${made.productId}`)).toEqual({ deleted: 1 });
    expect(await catalog()).toEqual([]);
    expect(await business().call(`PATCH /products/${made.productId}`, { price: 1 })).toMatchObject({
      status: 404,
      body: { code: 'product.not-found' },
    });
    expect(await business().call('POST /products', { ...product, currency: 'euros' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/currency' }] },
    });
    expect(
      await business().call('POST /products', { ...product, images: [{ data: 'bm8gcGljdHVyZQ==' }] }),
    ).toMatchObject({
      status: 400,
      body: { code: 'media.wrong-kind', detail: expect.stringContaining('must be a picture') as string },
    });
    const wrong: [object, string, string][] = [
      [{ name: 'x'.repeat(151) }, '/name', '150 characters'],
      [{ description: 'x'.repeat(5001) }, '/description', '5000 characters'],
      [{ images: Array.from({ length: 11 }, () => ({ data: 'eA==' })) }, '/images', '10'],
    ];
    for (const [more, pointer, limit] of wrong)
      expect(await business().call('POST /products', { ...product, ...more })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer, detail: expect.stringContaining(limit) as string }] },
      });
    expect(await business().ok('DELETE /products?productIds=none')).toEqual({ deleted: 0 });
    expect(await catalog()).toEqual([]);
  });

  it('get orders, which whoever has the token may read', async () => {
    expect(await business().ok('GET /orders/order-1?token=c2VjcmV0')).toMatchObject({
      total: 7,
      currency: 'EUR',
      items: [{ productId: '1001', name: 'Bread', price: 3.5, quantity: 2 }],
    });
    expect(await business().call('GET /orders/order-1?token=wrong')).toMatchObject({
      status: 403,
      body: { code: 'order.wrong-token' },
    });
    expect(await business().call('GET /orders/none?token=x')).toMatchObject({
      status: 404,
      body: { code: 'order.not-found' },
    });
    expect(await business().raw('GET /orders/order-1')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/token' }] },
    });
  });

  it('have links that lead to them, as everybody has', async () => {
    expect(await business().ok('POST /message-links/resolve', { link: 'https://wa.me/message/BREAD1' })).toMatchObject({
      waId: shop.pn,
      message: 'I would like some bread',
      verifiedName: 'Mill Lane Bakers',
      isSigned: true,
      businessProfile: { description: 'We bake', email: 'mill@example.com' },
    });
    const { link } = await business().ok('GET /contact-link');
    expect(link).toMatch(/^https:\/\/wa\.me\/qr\/\w+$/);
    expect(await business().ok('GET /contact-link')).toEqual({ link });
    expect(await business().ok('POST /contact-link/resolve', { link })).toMatchObject({ waId: phone, message: null });
    const renewed = await business().ok('POST /contact-link/revoke');
    expect(renewed.link).not.toBe(link);
    expect(await business().call('POST /contact-link/resolve', { link })).toMatchObject({
      status: 404,
      body: { code: 'link.not-found' },
    });
    expect(
      await business().call('POST /message-links/resolve', { link: 'https://evil.example/message/BREAD1' }),
    ).toMatchObject({
      status: 400,
      body: { code: 'link.invalid', errors: [{ pointer: '/link' }] },
    });
  });

  it('are not the only ones who are written to: there are bots', async () => {
    const bot = await stack.simulator.api.ok<{ jid: string; personaId: string }>('POST /bots', { name: 'Helper' });
    const { items } = await business().ok('GET /bots');
    expect(items).toContainEqual({ botId: bot.jid, personaId: bot.personaId });
    const profiles = await business().ok('POST /bots/profiles', {
      bots: [{ botId: bot.jid, personaId: bot.personaId }, { botId: '99999999@bot' }],
    });
    expect(profiles.items).toMatchObject([
      {
        botId: bot.jid,
        personaId: bot.personaId,
        name: 'Helper',
        commands: [{ name: '/help' }],
        prompts: [{ emoji: '👋', text: 'Say hello' }],
      },
    ]);
    expect(await business().call('POST /bots/profiles', { bots: [{ botId: phone }] })).toMatchObject({ status: 400 });
  });

  it('are still there after a restart, and nobody elses', async () => {
    await stack.gateway.stop();
    await stack.gateway.start();
    await session.becomes('connected');
    const profile = await eventually('it answers', async () => {
      const { status, body } = await business().call('GET /profile');
      return status === 200 && body;
    });
    expect(profile).toMatchObject({ address: 'Mill Lane 1' });
    const other = await stack.gateway.aTenant();
    const theirs: string[] = ['profile', 'catalog', 'contact-link', 'bots'].map(
      (path) => `GET ${session.path}/business/${path}`,
    );
    for (const route of theirs)
      expect(await other.api.raw(route)).toMatchObject({
        status: 404,
        body: { code: 'session.not-found' },
      });
    await tenant.api.ok(`POST ${session.path}/stop`);
    expect(await business().call('GET /profile')).toMatchObject({
      status: 409,
      body: { code: 'session.not-connected' },
    });
  });
});
