import type { Area, Stage } from './area.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
const IMAGE_URL = 'https://mmg.whatsapp.net/v/bread.jpg';
const bread = { id: '1001', name: 'Bread', price: 3500, currency: 'EUR' };
const rolls = { id: '1002', name: 'Rolls', price: 500, currency: 'EUR' };
const newBread = {
  name: 'Rye',
  description: 'dark',
  price: 4200,
  currency: 'EUR',
  images: [{ url: IMAGE_URL }],
  originCountryCode: undefined,
};

interface Shown {
  profile: Record<string, unknown>;
  cover: { id: string } | null;
  catalog: { id: string; name: string; price: number; imageUrls: string[] }[];
}

/** Makes an account a business. */
async function aBusiness({ world }: Stage, pn: string, order: object = {}): Promise<void> {
  const { status, body } = await world.patch(`/accounts/${pn}/business`, order);
  if (status !== 200) throw new Error(JSON.stringify(body));
}

const show = ({ world, me }: Stage) => world.get<Shown>(`/accounts/${me.pn}/business`);

/** Business profiles, catalogs and orders; bots; what the service holds accounts back from. */
export const business: Area = {
  title: 'business',
  functions: {
    getBusinessProfile: async (stage) => {
      const days = [{ day: 'mon', mode: 'specific_hours', opensAt: '540', closesAt: '1020' }];
      const profile = {
        address: 'Mill Lane 1',
        description: 'Bakers',
        email: 'bread@example.com',
        websites: ['https://example.com'],
        category: 'Bakery',
        hours: { timezone: 'Europe/Berlin', days },
      };
      await aBusiness(stage, stage.friend.pn, { profile });
      expect(await stage.me.socket.getBusinessProfile(stage.friend.jid)).toEqual({
        wid: stage.friend.jid,
        address: 'Mill Lane 1',
        description: 'Bakers',
        email: 'bread@example.com',
        website: ['https://example.com'],
        category: 'Bakery',
        business_hours: {
          timezone: 'Europe/Berlin',
          business_config: [{ day_of_week: 'mon', mode: 'specific_hours', open_time: '540', close_time: '1020' }],
        },
      });
    },
    updateBussinesProfile: async (stage) => {
      await aBusiness(stage, stage.me.pn, { profile: { email: 'old@example.com' } });
      await stage.me.socket.updateBussinesProfile({
        description: 'We bake',
        websites: ['https://example.com/a', 'https://example.com/b'],
        hours: { timezone: 'UTC', days: [{ day: 'sun', mode: 'open_24h' }] },
      });
      expect((await show(stage)).profile).toEqual({
        email: 'old@example.com',
        description: 'We bake',
        websites: ['https://example.com/a', 'https://example.com/b'],
        hours: { timezone: 'UTC', days: [{ day: 'sun', mode: 'open_24h' }] },
      });
    },
    updateCoverPhoto: async (stage) => {
      await aBusiness(stage, stage.me.pn);
      const id = await stage.me.socket.updateCoverPhoto(PNG);
      expect((await show(stage)).cover).toMatchObject({ id: String(id) });
    },
    removeCoverPhoto: async (stage) => {
      await aBusiness(stage, stage.me.pn);
      const id = await stage.me.socket.updateCoverPhoto(PNG);
      await stage.me.socket.removeCoverPhoto(String(id));
      expect((await show(stage)).cover).toBeNull();
    },
    getCatalog: async (stage) => {
      await aBusiness(stage, stage.friend.pn, {
        catalog: [bread, { ...rolls, isHidden: true }, { ...bread, id: '1003' }],
      });
      const first = await stage.me.socket.getCatalog({ jid: stage.friend.jid, limit: 1 });
      expect(first.products).toMatchObject([{ id: '1001', name: 'Bread', price: 3500, currency: 'EUR' }]);
      const second = await stage.me.socket.getCatalog({
        jid: stage.friend.jid,
        limit: 1,
        cursor: first.nextPageCursor ?? '',
      });
      expect({ ids: second.products.map(({ id }) => id), next: second.nextPageCursor }).toEqual({
        ids: ['1003'],
        next: undefined,
      });
    },
    getCollections: async (stage) => {
      const collections = [{ id: 'c1', name: 'Morning', productIds: ['1002'] }];
      await aBusiness(stage, stage.friend.pn, { catalog: [bread, rolls], collections });
      const found = await stage.me.socket.getCollections(stage.friend.jid);
      expect(found.collections).toMatchObject([
        { id: 'c1', name: 'Morning', products: [{ id: '1002', name: 'Rolls' }], status: { status: 'APPROVED' } },
      ]);
    },
    // With the address of a picture, not its bytes: the library uploads those before they are on its disk.
    productCreate: async (stage) => {
      await aBusiness(stage, stage.me.pn, { catalog: [] });
      const created = await stage.me.socket.productCreate(newBread);
      expect(created).toMatchObject({ name: 'Rye', price: 4200, imageUrls: { original: IMAGE_URL }, isHidden: false });
      expect((await show(stage)).catalog).toMatchObject([{ id: created.id, name: 'Rye', imageUrls: [IMAGE_URL] }]);
    },
    productUpdate: async (stage) => {
      await aBusiness(stage, stage.me.pn, { catalog: [bread] });
      const changed = await stage.me.socket.productUpdate('1001', { ...newBread, price: 3900, isHidden: true });
      expect(changed).toMatchObject({ id: '1001', name: 'Rye', price: 3900, isHidden: true });
      expect((await show(stage)).catalog).toMatchObject([{ id: '1001', price: 3900 }]);
    },
    productDelete: async (stage) => {
      await aBusiness(stage, stage.me.pn, { catalog: [bread, rolls] });
      expect(await stage.me.socket.productDelete(['1001', 'none'])).toEqual({ deleted: 1 });
      expect((await show(stage)).catalog.map(({ id }) => id)).toEqual(['1002']);
    },
    getOrderDetails: async (stage) => {
      const items = [
        { ...bread, quantity: 2, imageUrl: IMAGE_URL },
        { ...rolls, quantity: 4 },
      ];
      await aBusiness(stage, stage.friend.pn, { orders: [{ id: 'order-1', token: 'c2VjcmV0', items }] });
      const details = await stage.me.socket.getOrderDetails('order-1', 'c2VjcmV0');
      expect(details.price).toEqual({ total: 9000, currency: 'EUR' });
      expect(details.products).toMatchObject([{ id: '1001', quantity: 2, imageUrl: IMAGE_URL }, { name: 'Rolls' }]);
    },
    getBotListV2: async ({ world, me }) => {
      const { body } = await world.post<{ jid: string; personaId: string }>('/bots', { name: 'Helper' });
      expect(await me.socket.getBotListV2()).toContainEqual({ jid: body.jid, personaId: body.personaId });
    },
    fetchAccountReachoutTimelock: async ({ world, me }) => {
      await world.patch(`/accounts/${me.pn}/limits`, { timeLock: { seconds: 600, type: 'BIZ_QUALITY' } });
      const lock = await me.socket.fetchAccountReachoutTimelock();
      expect(lock).toMatchObject({ isActive: true, enforcementType: 'BIZ_QUALITY' });
      await world.patch(`/accounts/${me.pn}/limits`, { timeLock: { seconds: 0 } });
      expect(await me.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false });
    },
    fetchNewChatMessageCap: async ({ world, me }) => {
      await world.patch(`/accounts/${me.pn}/limits`, { capping: { total: 10, used: 9 } });
      expect(await me.socket.fetchNewChatMessageCap()).toMatchObject({
        total_quota: 10,
        used_quota: 9,
        capping_status: 'SECOND_WARNING',
      });
    },
  },
  events: {
    'message-capping.update': async ({ world, me }) => {
      await world.patch(`/accounts/${me.pn}/limits`, { capping: { total: 100, used: 100 } });
      const told = await me.event('message-capping.update', ({ total_quota: total }) => total === 100);
      expect(told).toMatchObject({ used_quota: 100, capping_status: 'CAPPED' });
    },
  },
};
