import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

interface ContactBody {
  waId: string;
  phone: string | null;
  lid: string | null;
  name: string | null;
  pushName: string | null;
  verifiedName: string | null;
  isSaved: boolean;
  isBlocked: boolean | null;
}

const A_STRANGER = '6281390000001';

describe('contacts', () => {
  const linked = useSession({ env: { NUMBER_CHECKS_PER_MINUTE: '20' } });
  const { stack } = linked;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  let ben: SimulatedContact;

  beforeAll(async () => {
    ({ tenant, session, phone } = linked);
    [ana, ben] = [
      await stack.simulator.aContact('reader', { name: 'Ana' }),
      await stack.simulator.aContact('reader', { name: 'Ben' }),
    ];
    for (const { pn } of [ana, ben]) await stack.simulator.send(pn, phone, { text: 'hi' });
    await eventually('both are known', async () => (await list()).length === 2);
  });

  const contacts = () => session.api.under('/contacts');
  const list = async (query?: InputOf<'GET /v1/sessions/{sessionId}/contacts'>) =>
    (await contacts().ok('GET', query)).items;
  const lidOf = ({ lid }: SimulatedContact) => `${lid}@lid`;
  const orderPhone = (order: object) => stack.simulator.api.ok(`POST /accounts/${phone}/phone`, order);
  /** The event in the log, which the webhook has as well. */
  const told = linked.told.bind(linked);
  const isAbout = ({ data }: EventBody, { pn }: SimulatedContact) => (data.person as ContactBody).waId === pn;
  const changes = ({ data }: EventBody) => data.changes as Partial<ContactBody>;

  it('are listed by name, searched and paged', async () => {
    expect((await list()).map(({ waId }) => waId)).toEqual([ana.pn, ben.pn]);
    expect(await list({ search: 'BE' })).toMatchObject([
      { waId: ben.pn, pushName: 'Ben', lid: lidOf(ben), isSaved: false },
    ]);
    expect((await list({ search: `+${ana.pn}` })).map(({ waId }) => waId)).toEqual([ana.pn]);
    const page = await contacts().ok('GET ?limit=1');
    expect((await list({ limit: 1, cursor: page.nextCursor! })).map(({ waId }) => waId)).toEqual([ben.pn]);
    expect(await list({ isSaved: true })).toEqual([]);
    expect(await list({ isBusiness: true })).toEqual([]);
    expect(await contacts().ok(`GET /${lidOf(ana)}`)).toMatchObject({ waId: ana.pn, pushName: 'Ana' });
    expect(await contacts().call(`GET /${A_STRANGER}`)).toMatchObject({
      status: 404,
      body: { code: 'contact.not-found' },
    });
    expect(await contacts().call('GET /120363000000000009@g.us')).toMatchObject({
      status: 400,
      body: { code: 'contact.not-a-person', errors: [{ pointer: '/contactId' }] },
    });
  });

  it('are written into the address book of the phone, and taken out, again and again', async () => {
    const inSettings = async () => {
      const { contacts, collections } = await stack.simulator.api.ok<{
        contacts: Record<string, string | null>[];
        collections: Record<string, { damaged: number }>;
      }>(`GET /accounts/${phone}/settings`);
      expect(collections.critical_unblock_low).toMatchObject({ damaged: 0 });
      return contacts.find((contact) => Object.values(contact).some((value) => value?.startsWith(ana.pn)));
    };
    expect(await contacts().ok(`PUT /${ana.pn}`, { name: 'Ana from work', firstName: 'Ana' })).toMatchObject({
      name: 'Ana from work',
      isSaved: true,
    });
    expect(JSON.stringify(await inSettings())).toContain('Ana from work');
    await told('contact.updated', (event) => isAbout(event, ana) && changes(event).name === 'Ana from work');
    expect((await contacts().call(`DELETE /${ana.pn}`)).status).toBe(204);
    expect(await inSettings()).toBeUndefined();
    await told('contact.updated', (event) => isAbout(event, ana) && changes(event).name === null);
    expect(await contacts().ok(`GET /${ana.pn}`)).toMatchObject({ name: null, isSaved: false });
    expect((await contacts().call(`DELETE /${ana.pn}`)).status).toBe(204);
    await contacts().ok(`PUT /${lidOf(ana)}`, { name: 'Ana once more' });
    await contacts().ok(`PUT /${ben.pn}`, { name: 'Ben from work' });
    expect(JSON.stringify(await inSettings())).toContain('Ana once more');
    await orderPhone({ op: 'removeContact', contact: ana.pn });
    await eventually('the phone took her out', async () => !(await contacts().ok(`GET /${ana.pn}`)).isSaved);
    await orderPhone({ op: 'contact', contact: ana.pn, name: 'Ana of the phone' });
    await eventually('and in', async () => (await contacts().ok(`GET /${ana.pn}`)).name === 'Ana of the phone');
    expect((await list({ isSaved: true })).map(({ waId }) => waId)).toEqual([ana.pn, ben.pn]);
  });

  it('are blocked and let in again, told once, as is what the phone does', async () => {
    const blocked = async () => (await contacts().ok('GET /blocked')).items;
    expect((await contacts().call(`POST /${ana.pn}/block`)).status).toBe(204);
    expect(await blocked()).toEqual([{ waId: ana.pn, phone: ana.pn, lid: lidOf(ana) }]);
    await told('contact.blocked', (event) => isAbout(event, ana) && event.data.isBlocked === true);
    expect(await stack.simulator.api.ok(`GET /accounts/${phone}`)).toMatchObject({ blocked: [ana.lid] });
    expect((await list({ isBlocked: true })).map(({ waId }) => waId)).toEqual([ana.pn]);
    const { items } = await contacts().ok('PATCH /blocked', {
      block: [ben.pn, A_STRANGER],
      unblock: [lidOf(ana)],
    });
    expect(items).toMatchObject([
      { waId: ben.pn, isBlocked: true, problem: null },
      { waId: A_STRANGER, isBlocked: false, problem: { code: 'contact.not-on-whatsapp' } },
      { waId: ana.pn, isBlocked: false, problem: null },
    ]);
    expect((await blocked()).map(({ waId }) => waId)).toEqual([ben.pn]);
    await told('contact.blocked', (event) => isAbout(event, ana) && event.data.isBlocked === false);
    await stack.simulator.api.ok(`PATCH /accounts/${phone}`, { unblock: [ben.pn] });
    await told('contact.blocked', (event) => isAbout(event, ben) && event.data.isBlocked === false);
    expect(await blocked()).toEqual([]);
    expect(await contacts().call(`POST /${A_STRANGER}/block`)).toMatchObject({ status: 404 });
    expect(await contacts().call('PATCH /blocked', { block: [ana.pn], unblock: [ana.pn] })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/unblock' }] },
    });
  });

  it('are known to be blocked, and told, when nobody here heard of it', async () => {
    const eli = await stack.simulator.aContact('silent', { name: 'Eli' });
    const isBlocked = async () => (await list({ isBlocked: true })).map(({ waId }) => waId);
    const phoneSays = (change: object) => stack.simulator.api.ok(`PATCH /accounts/${phone}`, change);
    const reconnect = async () => {
      await session.api.ok('POST /restart');
      await session.becomes('connected');
    };
    expect(await contacts().ok(`GET /${eli.pn}/identity`)).toMatchObject({ lid: lidOf(eli) });
    const match = { account: phone, tag: 'notification', direction: 'out' };
    await stack.simulator.api.ok('POST /faults', { match, action: { kind: 'drop' } });
    await phoneSays({ block: [eli.pn] });
    await reconnect();
    await told('contact.blocked', (event) => isAbout(event, eli) && event.data.isBlocked === true);
    expect(await isBlocked()).toEqual([eli.pn]);
    await phoneSays({ unblock: [eli.pn] });
    await reconnect();
    await told('contact.blocked', (event) => isAbout(event, eli) && event.data.isBlocked === false);
    expect(await isBlocked()).toEqual([]);
    await stack.simulator.api.ok('DELETE /faults');
    await reconnect();
    const [id = ''] = await stack.simulator.send(eli.pn, phone, { text: 'hello again' });
    await told('message.received', ({ data }) => data.message?.messageId === id);
    // What comes late tells the past once more, and ends as it was.
    const events = (await tenant.events('contact.blocked')).filter((event) => isAbout(event, eli));
    expect(events.at(-1)?.data.isBlocked).toBe(false);
    expect(await isBlocked()).toEqual([]);
  });

  it('are looked up: everything about one, several at once, and each thing alone', async () => {
    const shop = await stack.simulator.aContact('silent', { name: 'Bakers', devices: 2 });
    await stack.simulator.api.ok(`PATCH /accounts/${shop.pn}`, { about: 'Fresh bread' });
    await stack.simulator.api.ok(`PUT /accounts/${shop.pn}/picture`, {});
    const days = [
      { day: 'mon', mode: 'specific_hours', opensAt: '540', closesAt: '1020' },
      { day: 'tue', mode: 'open_24h' },
    ];
    const profile = {
      description: 'Bakers',
      websites: ['https://a.example', 'https://b.example'],
      category: 'Food',
      hours: { timezone: 'Asia/Jakarta', days },
    };
    await stack.simulator.api.ok(`PATCH /accounts/${shop.pn}/business`, { verifiedName: 'Mill Lane Bakers', profile });
    const info = await contacts().ok(`GET /${shop.pn}/info`);
    expect(info).toMatchObject({
      waId: shop.pn,
      lid: lidOf(shop),
      isOnWhatsApp: true,
      about: 'Fresh bread',
      isAboutHidden: false,
      isBusiness: true,
      verifiedName: 'Mill Lane Bakers',
      pictureId: expect.any(String) as string,
      isBlocked: false,
      businessProfile: {
        description: 'Bakers',
        websites: ['https://a.example', 'https://b.example'],
        categories: [{ name: 'Food' }],
        hours: {
          timeZone: 'Asia/Jakarta',
          days: [
            { day: 'mon', mode: 'specific-hours', opensAt: '09:00', closesAt: '17:00' },
            { day: 'tue', mode: 'open-24h', opensAt: null, closesAt: null },
          ],
        },
      },
    });
    expect(await contacts().ok(`GET /${shop.pn}`)).toMatchObject({
      verifiedName: 'Mill Lane Bakers',
      lid: lidOf(shop),
    });
    await told('contact.updated', (event) => isAbout(event, shop));
    expect(await contacts().ok(`GET /${shop.pn}/about`)).toMatchObject({ about: 'Fresh bread', waId: shop.pn });
    const devices = await contacts().ok(`GET /${shop.pn}/devices`);
    expect(devices.devices[0]).toEqual({ id: 0, kind: 'phone' });
    expect(devices.devices.length).toBeGreaterThan(1);
    expect(await contacts().ok(`GET /${shop.pn}/business-profile`)).toMatchObject({ description: 'Bakers' });
    expect(await contacts().call(`GET /${ana.pn}/business-profile`)).toMatchObject({
      status: 404,
      body: { code: 'business.not-found' },
    });
    const { items } = await contacts().ok('POST /profiles', { contactIds: [shop.pn, ana.pn, A_STRANGER] });
    expect(items).toMatchObject([
      { waId: shop.pn, about: 'Fresh bread', isOnWhatsApp: true },
      { waId: ana.pn, isOnWhatsApp: true, isBusiness: false, verifiedName: null },
      { waId: A_STRANGER, isOnWhatsApp: false, devices: [] },
    ]);
    const of = await contacts().ok('POST /devices', {
      contactIds: [lidOf(ana), A_STRANGER],
    });
    expect(of.items.map(({ waId, devices: found }) => [waId, found.length])).toEqual([
      [ana.pn, 1],
      [A_STRANGER, 0],
    ]);
    expect(await contacts().call(`GET /${A_STRANGER}/about`)).toMatchObject({
      status: 404,
      body: { code: 'contact.not-on-whatsapp' },
    });
  });

  it('have pictures in two sizes, as a link and as a file, unless they hide them', async () => {
    const zoe = await stack.simulator.aContact('silent');
    expect(await contacts().call(`GET /${zoe.pn}/picture`)).toMatchObject({
      status: 404,
      body: { code: 'contact.no-picture' },
    });
    await stack.simulator.api.ok(`PUT /accounts/${zoe.pn}/picture`, {});
    const full = await contacts().ok(`GET /${zoe.pn}/picture`);
    const preview = await contacts().ok(`GET /${zoe.pn}/picture?size=preview`);
    expect([full.size, preview.size]).toEqual(['full', 'preview']);
    expect(preview.url).not.toBe(full.url);
    const file = await contacts().download(`GET /${zoe.pn}/picture/content?size=preview`);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(file.body.subarray(0, 2).toString('hex')).toBe('ffd8');
    await stack.simulator.api.ok(`PATCH /accounts/${zoe.pn}`, { privacy: { profile: 'none', status: 'none' } });
    expect(await contacts().call(`GET /${zoe.pn}/picture`)).toMatchObject({
      status: 403,
      body: { code: 'contact.picture-hidden' },
    });
    expect(await contacts().ok(`GET /${zoe.pn}/info`)).toMatchObject({
      pictureUrl: null,
      isPictureHidden: true,
      about: null,
      isAboutHidden: true,
    });
    expect(await contacts().raw(`GET /${zoe.pn}/picture?size=huge`)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/size' }] },
    });
  });

  it('have a LID for a number and the other way round, as far as WhatsApp tells', async () => {
    const cid = await stack.simulator.aContact('silent');
    expect(await contacts().ok(`GET /${cid.pn}/identity`)).toEqual({ waId: cid.pn, phone: cid.pn, lid: lidOf(cid) });
    expect(await contacts().ok(`GET /${lidOf(cid)}/identity`)).toEqual({
      waId: cid.pn,
      phone: cid.pn,
      lid: lidOf(cid),
    });
    const { items } = await contacts().ok('POST /identities', {
      contactIds: [lidOf(ana), `+${ben.pn}`, '99999999999999@lid', A_STRANGER],
    });
    expect(items).toEqual([
      { waId: ana.pn, phone: ana.pn, lid: lidOf(ana) },
      { waId: ben.pn, phone: ben.pn, lid: lidOf(ben) },
      { waId: '99999999999999@lid', phone: null, lid: '99999999999999@lid' },
      { waId: A_STRANGER, phone: A_STRANGER, lid: null },
    ]);
    const page = await contacts().ok('GET /identities?limit=2');
    const rest = await contacts().ok(`GET /identities?limit=200&cursor=${page.nextCursor}`);
    const pairs = [...page.items, ...rest.items].map(({ phone: pn, lid }) => `${pn} ${lid}`);
    for (const person of [ana, ben, cid]) expect(pairs).toContain(`${person.pn} ${lidOf(person)}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('are checked in one question, which is not asked twice', async () => {
    const dan = await stack.simulator.aContact('silent');
    const check = (phones: string[]) => contacts().call('POST /check', { phones });
    const asked = async () => {
      const { items } = await stack.simulator.api.ok<{ items: { xml: string }[] }>(
        `GET /stanzas?account=${phone}&tag=iq&childTag=usync&direction=in&limit=1000`,
      );
      return items.filter(({ xml }) => xml.includes('<contact')).length;
    };
    const before = await asked();
    const { body } = await check([`+${dan.pn}`, A_STRANGER]);
    expect(body.items).toMatchObject([
      { waId: dan.pn, isOnWhatsApp: true },
      { waId: A_STRANGER, isOnWhatsApp: false },
    ]);
    expect((await check([dan.pn, A_STRANGER])).body.items).toMatchObject([
      { isOnWhatsApp: true },
      { isOnWhatsApp: false },
    ]);
    expect(await asked()).toBe(before + 1);
    const many = Array.from({ length: 30 }, (_, n) => `62813911${String(n).padStart(5, '0')}`);
    const refused = await check(many);
    expect(refused).toMatchObject({ status: 429, body: { code: 'number.too-many-checks' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await check([...many, ...many, ...many, ...many])).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/phones' }] },
    });
    expect(await check(['12'])).toMatchObject({ status: 400, body: { errors: [{ pointer: '/phones' }] } });
  });

  it('are remembered over a restart, and asked about from another process', async () => {
    const before = await list();
    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await list()).toEqual(before);
    await session.becomes('connected');
    const front = await stack.gateway.another({ ROLES: 'api' });
    try {
      const api = front.client(tenant.api.token);
      const answer = await eventually('it is there', async () => {
        const { status, body } = await api.call(`GET ${session.path}/contacts/${ana.pn}/info`);
        return status === 200 && body;
      });
      expect(answer).toMatchObject({ waId: ana.pn, isOnWhatsApp: true, name: 'Ana of the phone' });
    } finally {
      await front.kill();
    }
  });

  it('are nobody elses business, and need a connection where WhatsApp is asked', async () => {
    const other = await stack.gateway.aTenant();
    const paths = ['', `/${ana.pn}`, `/${ana.pn}/info`, '/blocked', '/identities', `/${ana.pn}/picture`];
    for (const path of paths)
      expect(await other.api.raw(`GET ${session.path}/contacts${path}`)).toMatchObject({
        status: 404,
        body: { code: 'session.not-found' },
      });
    expect(await contacts().call(`PUT /${ana.pn}`, { name: 'x'.repeat(101) })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/name', detail: expect.stringContaining('100') as string }] },
    });
    await session.api.ok('POST /stop');
    for (const route of [`GET /${ana.pn}/info`, `GET /${ana.pn}/picture`, 'GET /blocked', `POST /${ana.pn}/block`])
      expect(await contacts().raw(route)).toMatchObject({ status: 409, body: { code: 'session.not-connected' } });
    expect((await list()).length).toBeGreaterThan(1);
  });
});
