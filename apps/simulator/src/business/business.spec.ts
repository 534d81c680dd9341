import { useSimulator } from '../../test-kit/use-simulator.js';

describe('businesses', () => {
  const world = useSimulator({ seed: 'business' });
  const bread = { id: '1001', name: 'Bread', price: 3500, currency: 'EUR' };

  it('write under their verified name, and are linked under it', async () => {
    const reader = await world.aClient().pair(world.aNumber());
    const baker = await world.aContact();
    await world.patch(`/accounts/${baker.pn}/business`, { verifiedName: 'Mill Lane Bakers' });
    await world.post(`/accounts/${baker.pn}/send`, { to: reader.pn, text: 'fresh bread' });
    expect((await reader.received('fresh bread')).message.verifiedBizName).toBe('Mill Lane Bakers');
    const desk = await world.aClient().pair(baker.pn);
    // Until the phone's settings come with the owner's own name.
    await desk.event('creds.update', ({ me }) => me?.name === 'Mill Lane Bakers');
  });

  it('are the only accounts with a profile, a catalog and products', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const { pn } = await world.aContact();
    const jid = `${pn}@s.whatsapp.net`;
    expect(await client.socket.getBusinessProfile(jid)).toBeUndefined();
    await expect(client.socket.getCatalog({ jid })).rejects.toMatchObject({ data: 404 });
    await expect(client.socket.getCollections(jid)).rejects.toMatchObject({ data: 404 });
    await expect(client.socket.updateBussinesProfile({ description: 'x' })).rejects.toMatchObject({ data: 403 });
    await expect(client.socket.productDelete(['1'])).rejects.toMatchObject({ data: 403 });
    expect(await world.get(`/accounts/${pn}/business`)).toMatchObject({ code: 'business.unknown' });
  });

  it('refuse unknown products, wrong tokens and covers that are gone', async () => {
    const owner = await world.aClient().pair(world.aNumber());
    const orders = [{ id: 'order-1', token: 'right', items: [bread] }];
    await world.patch(`/accounts/${owner.pn}/business`, { catalog: [bread], orders });
    const product = { name: 'Rye', description: 'dark', price: 1, currency: 'EUR', images: [], isHidden: false };
    await expect(owner.socket.productUpdate('none', product)).rejects.toMatchObject({ data: 404 });
    await expect(owner.socket.removeCoverPhoto('7')).rejects.toMatchObject({ data: 404 });
    await expect(owner.socket.getOrderDetails('order-1', 'wrong')).rejects.toMatchObject({ data: 403 });
    await expect(owner.socket.getOrderDetails('order-2', 'right')).rejects.toMatchObject({ data: 404 });
  });

  it('show hidden products to nobody but the owner, and lose deleted ones from collections', async () => {
    const [owner, guest] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    const jid = `${owner.pn}@s.whatsapp.net`;
    const catalog = [bread, { ...bread, id: '1002', isHidden: true }];
    const collections = [{ id: 'c1', name: 'All', productIds: ['1001', '1002'] }];
    await world.patch(`/accounts/${owner.pn}/business`, { catalog, collections });
    const ids = (products: { id: string }[]) => products.map(({ id }) => id);
    expect(ids((await owner.socket.getCatalog({})).products)).toEqual(['1001', '1002']);
    expect(ids((await guest.socket.getCatalog({ jid })).products)).toEqual(['1001']);
    await owner.socket.productDelete(['1001']);
    const [first] = (await owner.socket.getCollections()).collections;
    expect(ids(first?.products ?? [])).toEqual(['1002']);
  });

  it.each([
    [{ catalog: [{ id: '1' }] }],
    [{ profile: { motto: 'x' } }],
    [{ orders: [{ id: '1', token: 't', items: [{ ...bread, price: -1 }] }] }],
  ])('refuse %j with a problem', async (body) => {
    const { pn } = await world.aContact();
    expect(await world.patch(`/accounts/${pn}/business`, body)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid' },
    });
  });
});
