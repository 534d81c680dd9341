import { useSimulator } from '../../test-kit/use-simulator.js';

interface Entry {
  seq: number;
  attrs: Record<string, string>;
  xml: string;
}

describe('messages between linked clients', () => {
  const world = useSimulator();
  const stanzas = async (query: string) => (await world.get<{ items: Entry[] }>(`/stanzas?limit=20000&${query}`)).items;

  it('carries texts and ticks both ways', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    const first = await anna.sendText(ben.pn, 'ping');
    const { message } = await ben.received('ping');
    expect(message).toMatchObject({ key: { id: first, remoteJid: `${anna.pn}@s.whatsapp.net` } });
    await anna.reached(first, 3);
    await ben.socket.readMessages([message.key]);
    await anna.reached(first, 4);
    const second = await ben.sendText(anna.pn, 'pong');
    expect((await anna.received('pong')).message.key.id).toBe(second);
  });

  it('keeps messages for a client that is away, in order, and marks them as offline', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    await anna.sendText(ben.pn, 'zero');
    await ben.received('zero');
    await ben.close();
    for (const text of ['one', 'two', 'three']) await anna.sendText(ben.pn, text);
    await ben.connect().opened();
    await ben.received('three');
    const offline = ben.upserts
      .filter(({ type }) => type === 'append')
      .map(({ message }) => message.message?.extendedTextMessage?.text);
    expect(offline.filter(Boolean)).toEqual(['one', 'two', 'three']);
    const sent = await stanzas(`account=${ben.pn}&direction=out&tag=message`);
    // What else has waited, like the token Anna gives to somebody new, is numbered along with them.
    const numbers = sent.slice(-3).map(({ attrs }) => Number(attrs.offline));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    await expect(world.get(`/accounts/${ben.pn}`)).resolves.toMatchObject({ devices: [{}, { queued: 0 }] });
  });

  it('delivers again what was not confirmed, and only that', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    const read = await anna.sendText(ben.pn, 'confirmed');
    await anna.reached(read, 3);
    await world.post(`/connections/${ben.pn}/kick`, { how: 'halfOpen' });
    const lost = await anna.sendText(ben.pn, 'into the void');
    await world.get(`/stanzas/wait?account=${ben.pn}&direction=out&id=${lost}`);
    const again = world.aClient();
    again.adopt(ben);
    await again.connect().opened();
    await again.received('into the void');
    expect((await stanzas(`account=${ben.pn}&direction=out&tag=message&id=${lost}`)).length).toBe(2);
    expect((await stanzas(`account=${ben.pn}&direction=out&tag=message&id=${read}`)).length).toBe(1);
  });

  it('shows a message to the own other client, and the peer only once', async () => {
    const pn = world.aNumber();
    const [desk, laptop] = [await world.aClient().pair(pn), await world.aClient().pair(pn)];
    const contact = await world.aContact({ behaviour: 'reader' });
    const id = await desk.sendText(contact.pn, 'from the desk');
    const { message } = await laptop.until(() => laptop.upserts.find((upsert) => upsert.message.key.id === id));
    expect(message).toMatchObject({
      key: { fromMe: true, remoteJid: `${contact.pn}@s.whatsapp.net`, remoteJidAlt: `${contact.lid}@lid` },
      message: { extendedTextMessage: { text: 'from the desk' } },
    });
    await desk.reached(id, 4);
    expect(await world.get(`/messages/stats?account=${contact.pn}`)).toMatchObject({ received: 1, distinct: 1 });
    expect(await world.get(`/messages?account=${pn}`)).toMatchObject({
      items: [{ id, from: pn, to: contact.pn, text: 'from the desk' }],
    });
  });

  it('repairs a message that the receiver could not read', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    await anna.sendText(ben.pn, 'before');
    await ben.received('before');
    await ben.sendText(anna.pn, 'answer');
    await anna.received('answer');
    ben.forgetSessions();
    const id = await anna.sendText(ben.pn, 'after the loss');
    const { message } = await ben.received('after the loss');
    expect(message.key.id).toBe(id);
    expect((await stanzas(`account=${ben.pn}&direction=in&tag=receipt&type=retry`)).length).toBeGreaterThan(0);
  });

  it('works when both sides only use opaque ids', async () => {
    const anna = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'echo' });
    await anna.socket.sendMessage(`${contact.lid}@lid`, { text: 'by lid' });
    const { message } = await anna.received('by lid');
    expect(message.key).toMatchObject({
      remoteJid: `${contact.lid}@lid`,
      remoteJidAlt: `${contact.pn}@s.whatsapp.net`,
    });
  });

  it('does not deliver to somebody who blocked the sender', async () => {
    const anna = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'echo' });
    await anna.sendText(contact.pn, 'hello');
    await anna.received('hello');
    await anna.socket.updateBlockStatus(`${contact.lid}@lid`, 'block');
    expect(await anna.socket.fetchBlocklist()).toEqual([`${contact.lid}@lid`]);
    const friend = await world.aContact();
    await world.post(`/accounts/${contact.pn}/send`, { to: anna.pn, text: 'let me in' });
    const sent = async () => (await world.get<{ sent: number }>(`/messages/stats?account=${contact.pn}`)).sent;
    await world.until('the message being sent', async () => (await sent()) === 2);
    await world.post(`/accounts/${friend.pn}/send`, { to: anna.pn, text: 'somebody else' });
    await anna.received('somebody else');
    const texts = anna.upserts.map(({ message }) => message.message?.conversation);
    expect(texts.filter(Boolean)).toEqual(['hello', 'somebody else']);
  });

  it('reaches a client that was linked after the sender had looked up the devices', async () => {
    const pn = world.aNumber();
    const [desk, sender] = [await world.aClient().pair(pn), await world.aClient().pair(world.aNumber())];
    await sender.sendText(pn, 'before');
    await desk.received('before');
    const laptop = await world.aClient().pair(pn);
    await world.get(`/stanzas/wait?account=${sender.pn}&direction=out&tag=notification&type=devices`);
    await sender.settle();
    await sender.sendText(pn, 'to both');
    await Promise.all([desk.received('to both'), laptop.received('to both')]);
  });

  it('asks for more pre-keys when the stock runs low', async () => {
    const anna = await world.aClient().pair(world.aNumber());
    const device = async () => (await world.get<{ devices: { preKeys: number }[] }>(`/accounts/${anna.pn}`)).devices[1];
    const stock = (await device())?.preKeys ?? 0;
    const [ben] = [await world.aClient().pair(world.aNumber())];
    const jids = Array.from({ length: stock - 4 }, () => `${anna.creds.me?.lid ?? ''}`);
    await ben.socket.query({
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'encrypt' },
      content: [{ tag: 'key', attrs: {}, content: jids.map((jid) => ({ tag: 'user', attrs: { jid } })) }],
    });
    const notice = await world.get<Entry>(
      `/stanzas/wait?account=${anna.pn}&direction=out&tag=notification&type=encrypt`,
    );
    await world.get(`/stanzas/wait?account=${anna.pn}&direction=out&tag=iq&since=${notice.seq}`);
    expect((await device())?.preKeys).toBeGreaterThan(4);
  });
});

describe('presence', () => {
  const world = useSimulator();

  it('records visibility and reads a presence without type as available', async () => {
    const client = await world.aClient({ markOnlineOnConnect: false }).pair(world.aNumber());
    await client.until(() => client.creds.me?.name);
    // The client announces its new name in a presence without type.
    const { attrs } = await world.get<Entry>(`/stanzas/wait?account=${client.pn}&direction=in&tag=presence`);
    expect(attrs).toEqual({ name: client.creds.me?.name });
    const { everAvailable, presence } = await world.get<{ everAvailable: boolean; presence: object[] }>(
      `/accounts/${client.pn}`,
    );
    expect(everAvailable).toBe(true);
    expect(presence[0]).toMatchObject({ type: 'available', name: client.creds.me?.name });
    await client.close();
    await client.connect().opened();
    await world.get(`/stanzas/wait?account=${client.pn}&direction=in&tag=presence&type=unavailable`);
  });

  it('shows presence and typing of a contact to a client that watches', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const jid = `${contact.pn}@s.whatsapp.net`;
    const last = (state: string) =>
      client.until(() =>
        client.presences.find(({ id, presences }) => id === jid && presences[jid]?.lastKnownPresence === state),
      );
    await client.socket.presenceSubscribe(jid);
    await last('unavailable');
    await world.post(`/accounts/${contact.pn}/presence`, { state: 'available' });
    await last('available');
    await world.post(`/accounts/${contact.pn}/presence`, { state: 'composing', to: client.pn });
    await last('composing');
    await world.post(`/accounts/${contact.pn}/presence`, { state: 'recording', to: client.pn });
    await last('recording');
  });

  it('shows the typing of one client to another', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    await anna.socket.sendPresenceUpdate('composing', `${ben.pn}@s.whatsapp.net`);
    const { id } = await ben.until(() => ben.presences[0]);
    expect(id).toBe(`${anna.pn}@s.whatsapp.net`);
  });
});

describe('the directory', () => {
  const world = useSimulator();

  it('knows who exists, their devices and their settings', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ name: 'Grace' });
    const jid = `${contact.pn}@s.whatsapp.net`;
    // The library leaves out the numbers that do not exist.
    expect(await client.socket.onWhatsApp(contact.pn, '15550009999')).toEqual([{ jid, exists: true }]);
    expect(await client.socket.getUSyncDevices([jid], false, false)).toMatchObject([{ user: contact.pn, device: 0 }]);
    expect(await client.socket.fetchStatus(jid)).toMatchObject([
      { id: jid, status: { status: expect.any(String) as string } },
    ]);
    expect(await client.socket.fetchPrivacySettings(true)).toMatchObject({ last: 'all', readreceipts: 'all' });
    await client.socket.updateLastSeenPrivacy('contacts');
    expect(await client.socket.fetchPrivacySettings(true)).toMatchObject({ last: 'contacts' });
    await client.socket.updateProfileStatus('busy');
    expect(await world.get(`/accounts/${client.pn}`)).toMatchObject({ about: 'busy' });
    await expect(client.socket.profilePictureUrl(jid)).rejects.toMatchObject({ data: 404 });
  });

  it('gives the same people to the same seed', async () => {
    const first = await world.aContact({ pn: '491700000001' });
    await world.post('/reset', { seed: 'test' });
    expect(await world.aContact({ pn: '491700000001' })).toEqual(first);
    await world.post('/reset', { seed: 'other' });
    expect((await world.aContact({ pn: '491700000001' })).lid).not.toBe(first.lid);
  });

  it('keeps a setting changed by one client and shows it to the other', async () => {
    const pn = world.aNumber();
    const desk = await world.aClient().pair(pn);
    await desk.until(() => desk.creds.accountSyncCounter);
    const laptop = await world.aClient().pair(pn);
    await laptop.until(() => laptop.creds.accountSyncCounter);
    await desk.socket.updateProfileName('New Name');
    await laptop.until(() => laptop.creds.me?.name === 'New Name');
  });
});
