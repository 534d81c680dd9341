import { useSimulator } from '../../test-kit/use-simulator.js';

describe('calls', () => {
  const world = useSimulator({ seed: 'calls' });
  const stateOf = async (id: string) =>
    (await world.get<{ items: { id: string; state: string }[] }>('/calls')).items.find((call) => call.id === id)?.state;
  const ring = async (from: string, to: string, order: object = {}) =>
    (await world.post<{ id: string }>(`/accounts/${from}/call`, { to, ...order })).body.id;

  it('ring every linked client, and stop when one of them refuses', async () => {
    const pn = world.aNumber();
    const [desk, laptop] = [await world.aClient().pair(pn), await world.aClient().pair(pn)];
    const contact = await world.aContact();
    const id = await ring(contact.pn, pn, { isVideo: true, group: '120363000000000001@g.us' });
    const [offer] = await desk.event('call', ([call]) => call?.id === id);
    await laptop.event('call', ([call]) => call?.id === id && call.status === 'offer');
    expect(offer).toMatchObject({ isVideo: true, isGroup: true, groupJid: '120363000000000001@g.us' });
    await desk.socket.rejectCall(id, offer?.from ?? '');
    await laptop.event('call', ([call]) => call?.id === id && call.status === 'terminate');
    expect(await stateOf(id)).toBe('rejected');
  });

  it('are kept for a client that is away', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    await client.close();
    const id = await ring(contact.pn, client.pn, { ringMs: 1 });
    await client.connect().opened();
    const [missed] = await client.event('call', ([call]) => call?.id === id && call.status === 'timeout');
    expect(missed?.offline).toBe(true);
    expect(await stateOf(id)).toBe('timeout');
  });

  it('end by themselves, or when the caller hangs up', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const [given, hung] = [
      await ring(contact.pn, client.pn, { ringMs: 50, end: 'hangUp' }),
      await ring(contact.pn, client.pn),
    ];
    await client.event('call', ([call]) => call?.id === given && call.status === 'terminate');
    await world.post(`/calls/${hung}/signal`, { signal: 'hangUp' });
    await client.event('call', ([call]) => call?.id === hung && call.status === 'terminate');
    expect([await stateOf(given), await stateOf(hung)]).toEqual(['ended', 'ended']);
    expect(await world.post('/calls/none/signal', { signal: 'hangUp' })).toMatchObject({ status: 404 });
  });

  it('are answered on the phone: the clients stop ringing', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const [taken, refused] = [await ring(contact.pn, client.pn), await ring(contact.pn, client.pn)];
    await world.post(`/calls/${taken}/answer`, { answer: 'accept' });
    await world.post(`/calls/${refused}/answer`, { answer: 'reject' });
    for (const id of [taken, refused])
      await client.event('call', ([call]) => call?.id === id && call.status === 'terminate');
    expect([await stateOf(taken), await stateOf(refused)]).toEqual(['accepted', 'rejected']);
    await world.post(`/calls/${taken}/signal`, { signal: 'hangUp' });
    expect(await stateOf(taken)).toBe('ended');
  });

  it('are not put through to those who only take calls of people they know', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [stranger, friend] = [await world.aContact({ behaviour: 'caller' }), await world.aContact()];
    await client.socket.updateCallPrivacy('known');
    await ring(stranger.pn, client.pn);
    await client.reached(await client.sendText(friend.pn, 'call me any time'), 3);
    await world.get(`/stanzas/wait?account=${client.pn}&direction=in&tag=iq&childTag=tokens`);
    await client.settle();
    const id = await ring(friend.pn, client.pn);
    await client.event('call', ([call]) => call?.id === id);
    expect(JSON.stringify(client.events)).not.toContain(stranger.pn);
  });
});
