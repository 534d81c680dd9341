import { useSimulator } from '../test-kit/use-simulator.js';
import { ZapoClient } from '../test-kit/zapo-client.js';

const sharesKey = (payload: unknown): boolean =>
  !!(payload as { protocolMessage: { appStateSyncKeyShare?: object } }).protocolMessage.appStateSyncKeyShare;

describe('zapo-js, a client library that shares nothing with Baileys', () => {
  const world = useSimulator();
  const clients: ZapoClient[] = [];
  const aZapo = () => {
    const client = new ZapoClient(world.simulator);
    clients.push(client);
    return client;
  };
  afterAll(() => Promise.all(clients.map((client) => client.close())));

  it('links by QR code and writes to a contact that reads and answers', async () => {
    const zapo = await aZapo().pair(world.aNumber());
    const echo = await world.aContact({ behaviour: 'echo' });
    const id = await zapo.sendText(echo.pn, 'hello from zapo');
    await zapo.receipt(id);
    await zapo.receipt(id, 'read');
    const answer = await zapo.received('hello from zapo');
    expect(answer).toMatchObject({ chatJid: `${echo.pn}@s.whatsapp.net`, isGroupChat: false });
    expect(await world.get(`/messages/stats?account=${echo.pn}`)).toMatchObject({ received: 1, undecryptable: 0 });
  });

  it('links by pairing code', async () => {
    const pn = world.aNumber();
    const zapo = await aZapo().pairByCode(pn);
    expect(zapo.pn).toBe(pn);
    const contact = await world.aContact({ behaviour: 'echo' });
    await zapo.sendText(contact.pn, 'linked by code');
    await zapo.received('linked by code');
  });

  it('talks with a Baileys client, ticks included', async () => {
    const [zapo, baileys] = [await aZapo().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    const first = await baileys.sendText(zapo.pn, 'from Baileys');
    const { stanzaId, senderJid = '' } = await zapo.received('from Baileys');
    expect([stanzaId, senderJid.split(/[:@]/)[0]]).toEqual([first, baileys.pn]);
    await baileys.reached(first, 3);
    await zapo.library.sendReceipt({ to: `${baileys.pn}@s.whatsapp.net`, id: first, type: 'read' });
    await baileys.reached(first, 4);

    const second = await zapo.sendText(baileys.pn, 'from zapo');
    const received = await baileys.received('from zapo');
    expect(received.message.key.id).toBe(second);
    await zapo.receipt(second);
    await baileys.socket.readMessages([received.message.key]);
    await zapo.receipt(second, 'read');

    await baileys.sendText(zapo.pn, 'and once more');
    await zapo.received('and once more');
  });

  it('resumes with the server key it kept and gets what came while it was away, in order', async () => {
    const zapo = await aZapo().pair(world.aNumber());
    const contact = await world.aContact();
    await world.post(`/accounts/${contact.pn}/send`, { to: zapo.pn, text: 'zero' });
    const { stanzaId } = await zapo.received('zero');
    await world.get(`/stanzas/wait?account=${zapo.pn}&direction=in&tag=receipt&id=${stanzaId}`);
    await zapo.close();
    for (const text of ['one', 'two', 'three']) await world.post(`/accounts/${contact.pn}/send`, { to: zapo.pn, text });
    await zapo.restart();
    await zapo.received('three');
    const texts = zapo.events
      .filter(({ name }) => name === 'message')
      .map(({ payload }) => (payload as { message?: { conversation?: string } }).message?.conversation);
    expect(texts).toEqual(['one', 'two', 'three']);
    await zapo.event('offline_resume', ({ status }) => status === 'complete');
    await zapo.sendText(contact.pn, 'back again');
  });

  it('falls back to the full handshake when the server key it kept is not ours', async () => {
    const zapo = await aZapo().pair(world.aNumber());
    await zapo.close();
    zapo.mistakeServerKey();
    await zapo.restart();
    const echo = await world.aContact({ behaviour: 'echo' });
    await zapo.sendText(echo.pn, 'met again');
    await zapo.received('met again');
  });

  it('reads the encrypted settings once it has the key, and finds every MAC right', async () => {
    const zapo = await aZapo().pair(world.aNumber());
    await zapo.until(() => zapo.events.some(({ name, payload }) => name === 'message_protocol' && sharesKey(payload)));
    const { collections } = await zapo.library.syncAppState();
    expect(collections.map(({ collection, state }) => [collection, state])).toContainEqual([
      'critical_block',
      'success',
    ]);
    expect(collections.filter(({ state }) => state !== 'success')).toEqual([]);
  });

  it('finds its keys on the service as it uploaded them, and nothing it asked was left without an answer', async () => {
    const zapo = await aZapo().pair(world.aNumber());
    expect(zapo.notes).toContain('uploaded prekeys to server');
    expect(zapo.notes).toContain('noise session attempting resume handshake (IK)');
    expect(zapo.notes).not.toContain('noise resume handshake fallback to XX');
    expect(zapo.complaints.filter((line) => /query failed|digest|prekey|decrypt|media_conn/.test(line))).toEqual([]);
    expect(await world.get('/unanswered')).toEqual({ items: [] });
  });
});
