import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

interface View {
  collections: Record<string, { version: number; damaged: number }>;
  pushName: string | null;
  chats: Record<string, object>;
  contacts: object[];
  labels: object[];
  items: { index: string[] }[];
}

describe('the settings of an account', () => {
  const world = useSimulator({ seed: 'settings' });
  const strict = () => world.aClient({ appStateMacVerification: { patch: true, snapshot: true } });
  const tell = (pn: string, order: object) => world.post(`/accounts/${pn}/phone`, order);
  const view = (pn: string) => world.get<View>(`/accounts/${pn}/settings`);
  const archived = (client: BaileysClient, id: string, is: boolean) =>
    client.event('chats.update', (chats) => chats.some((chat) => chat.id === id && chat.archived === is));

  it('are shared both ways, with right checksums, and the phone reads them all', async () => {
    const pn = world.aNumber();
    const [desk, laptop] = [await strict().pair(pn), await strict().pair(pn)];
    const [ana, ben] = [await world.aContact(), await world.aContact()];
    const [anaJid, benJid] = [`${ana.pn}@s.whatsapp.net`, `${ben.pn}@s.whatsapp.net`];
    await desk.socket.chatModify({ archive: true, lastMessages: [] }, anaJid);
    await archived(laptop, anaJid, true);
    await laptop.socket.chatModify({ pin: true }, benJid);
    await tell(pn, { op: 'archive', chat: ana.pn, on: false });
    await tell(pn, { op: 'mute', chat: ana.pn, until: 4_102_444_800_000 });
    await archived(desk, anaJid, false);
    await laptop.event('chats.update', (chats) => chats.some(({ muteEndTime }) => muteEndTime === 4_102_444_800_000));
    const { chats, collections } = await view(pn);
    expect(chats).toEqual({
      [anaJid]: { archived: false, mutedUntil: 4_102_444_800_000, labels: [] },
      [benJid]: { pinned: true, labels: [] },
    });
    expect(Object.values(collections).map(({ damaged }) => damaged)).toEqual([0, 0, 0, 0, 0]);
    expect(collections.regular_low).toEqual({ version: 3, damaged: 0 });
  });

  it('refuses a write that is not based on the newest version, and tells what is missing', async () => {
    const client = await strict().pair(world.aNumber());
    const contact = await world.aContact();
    await tell(client.pn, { op: 'archive', chat: contact.pn });
    await tell(client.pn, { op: 'pin', chat: contact.pn });
    const patch = { tag: 'patch', attrs: {}, content: Buffer.alloc(0) };
    const collection = { tag: 'collection', attrs: { name: 'regular_low', version: '0' }, content: [patch] };
    const sync = { tag: 'sync', attrs: {}, content: [collection] };
    const attrs = { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' };
    const answer: unknown = await client.socket.query({ tag: 'iq', attrs, content: [sync] });
    expect(answer).toMatchObject({
      content: [
        {
          content: [
            {
              attrs: { name: 'regular_low', version: '2', type: 'error' },
              content: [
                { tag: 'error', attrs: { code: '409' } },
                { tag: 'patches', content: [{ tag: 'patch' }, { tag: 'patch' }] },
              ],
            },
          ],
        },
      ],
    });
  });

  it('reach a client that was away, a page at a time', async () => {
    const client = await strict().pair(world.aNumber());
    const contact = await world.aContact();
    await client.close();
    for (let n = 1; n <= 120; n++) await tell(client.pn, { op: 'label', id: String(n), name: `label ${n}` });
    await client.connect().opened();
    const last = await client.event('labels.edit', ({ id }) => id === '120');
    expect(last).toMatchObject({ name: 'label 120' });
    const path = `/stanzas?account=${client.pn}&tag=iq&direction=out&limit=1000`;
    const { items } = await world.get<{ items: { xml: string }[] }>(path);
    expect(items.filter(({ xml }) => xml.includes('has_more_patches="true"')).length).toBe(2);
    await client.socket.addChatLabel(`${contact.pn}@s.whatsapp.net`, '7');
    const { labels, chats, collections } = await view(client.pn);
    expect(labels.length).toBe(120);
    expect(chats).toEqual({ [`${contact.pn}@s.whatsapp.net`]: { labels: ['7'] } });
    expect(collections.regular).toEqual({ version: 121, damaged: 0 });
  });

  it('reach a client that was away for long as a snapshot, from which it goes on', async () => {
    const client = await strict().pair(world.aNumber());
    await tell(client.pn, { op: 'label', id: '1', name: 'seen before' });
    await client.event('labels.edit', ({ name }) => name === 'seen before');
    await client.close();
    for (let n = 1; n <= 210; n++) await tell(client.pn, { op: 'label', id: String(n % 10), name: `label ${n}` });
    await client.connect().opened();
    await client.event('labels.edit', ({ name }) => name === 'label 210');
    const { items } = await world.get<{ items: { xml: string }[] }>(
      `/stanzas?account=${client.pn}&tag=iq&direction=out&limit=1000`,
    );
    expect(items.filter(({ xml }) => xml.includes('<snapshot>')).length).toBe(1);
    await client.socket.addLabel('', { id: '10', name: 'mine' });
    const { labels, collections } = await view(client.pn);
    expect(labels.length).toBe(11);
    expect(collections.regular).toEqual({ version: 212, damaged: 0 });
  });

  it('end up whole when two clients write at once and the refused one starts over', async () => {
    const pn = world.aNumber();
    const clients = [await strict().pair(pn), await strict().pair(pn)] as const;
    const people = [await world.aContact(), await world.aContact()] as const;
    const jids = people.map((person) => `${person.pn}@s.whatsapp.net`);
    const archive = (index: 0 | 1) =>
      clients[index].socket.chatModify({ archive: true, lastMessages: [] }, jids[index] ?? '');
    await Promise.all([archive(0), archive(1)]);
    const { items } = await world.get<{ items: { device: number; xml: string }[] }>(
      `/stanzas?account=${pn}&tag=iq&direction=out&limit=1000`,
    );
    const refused = items.filter(({ xml }) => xml.includes('code="409"'));
    expect(refused.length).toBe(1);
    expect(Object.keys((await view(pn)).chats).length).toBe(1);
    // The library does not look at the refusal and believes to be up to date. Without its notes it reads everything.
    const loser = refused[0]?.device === 1 ? 0 : 1;
    await clients[loser].socket.authState.keys.set({ 'app-state-sync-version': { regular_low: null } });
    await archive(loser);
    for (const client of clients) for (const jid of jids) await archived(client, jid, true);
    const { chats, collections } = await view(pn);
    expect(Object.keys(chats).sort()).toEqual([...jids].sort());
    expect(collections.regular_low).toEqual({ version: 2, damaged: 0 });
  });

  it('wait for a key the client does not have, and arrive when the phone shares it', async () => {
    const client = await strict().pair(world.aNumber());
    const contact = await world.aContact();
    const jid = `${contact.pn}@s.whatsapp.net`;
    const before = client.creds.myAppStateKeyId;
    await tell(client.pn, { op: 'renewKey' });
    await tell(client.pn, { op: 'archive', chat: contact.pn });
    await client.settle();
    const isShown = () =>
      client.events.some(({ name, payload }) => name === 'chats.update' && JSON.stringify(payload).includes(jid));
    expect(isShown()).toBe(false);
    await tell(client.pn, { op: 'keyShare' });
    await archived(client, jid, true);
    expect(client.creds.myAppStateKeyId).not.toBe(before);
  });

  it('give the owner a new name, whoever writes it', async () => {
    const client = await strict().pair(world.aNumber());
    const friend = await world.aClient().pair(world.aNumber());
    await client.socket.updateProfileName('Jo');
    await expect(view(client.pn)).resolves.toMatchObject({ pushName: 'Jo' });
    await client.sendText(friend.pn, 'hello');
    expect((await friend.received('hello')).message.pushName).toBe('Jo');
    await tell(client.pn, { op: 'pushName', name: 'Joanna' });
    await client.until(() => client.creds.me?.name === 'Joanna');
  });

  it('refuse what is not an order', async () => {
    const client = await strict().pair(world.aNumber());
    for (const body of [
      { op: 'fly' },
      { op: 'archive' },
      { op: 'archive', chat: 'x' },
      { op: 'pushName', name: 'a', on: true },
    ])
      expect((await tell(client.pn, body)).status).toBe(400);
    expect(await tell(client.pn, { op: 'archive', chat: '19999999999' })).toMatchObject({
      status: 404,
      body: { code: 'account.unknown' },
    });
  });
});
