import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

interface Messages {
  items: { id: string; from: string; to: string; text: string; repeat: boolean }[];
}

describe('messages in groups', () => {
  const world = useSimulator({ seed: 'group messages' });
  const aClient = () => world.aClient().pair(world.aNumber());
  let anna: BaileysClient;
  let ben: BaileysClient;
  beforeAll(async () => {
    [anna, ben] = [await aClient(), await aClient()];
  });
  const aGroup = async (owner: BaileysClient, members: { pn: string }[], order: object = {}) => {
    const people = members.map(({ pn }) => pn);
    const { body } = await world.post<{ jid: string }>('/groups', {
      subject: 'Team',
      owner: owner.pn,
      members: people,
      ...order,
    });
    return body.jid;
  };
  const say = async (client: BaileysClient, jid: string, text: string) => {
    const sent = await client.socket.sendMessage(jid, { text });
    client.sent.set(sent?.key.id ?? '', sent?.message ?? undefined);
    return sent?.key.id ?? '';
  };
  const seenBy = async (pn: string, jid: string) =>
    (await world.get<Messages>(`/messages?account=${pn}&peer=${jid}`)).items;

  it.each(['pn', 'lid'] as const)(
    'reach every client of every member, %s addressed, with ticks',
    async (addressing) => {
      const laptop = await world.aClient().pair(anna.pn);
      const contact = await world.aContact({ behaviour: 'reader' });
      const jid = await aGroup(anna, [ben, contact], { addressing });
      const id = await say(anna, jid, `first by ${addressing}`);
      await say(anna, jid, `second by ${addressing}`);
      const annaLid = anna.creds.me?.lid?.replace(/:\d+/, '') ?? '';
      const [own, other] =
        addressing === 'pn' ? [`${anna.pn}@s.whatsapp.net`, annaLid] : [annaLid, `${anna.pn}@s.whatsapp.net`];
      const { message } = await ben.received(`first by ${addressing}`);
      expect(message).toMatchObject({
        key: { remoteJid: jid, id, fromMe: false, participant: own, participantAlt: other },
      });
      await ben.received(`second by ${addressing}`);
      const copy = await laptop.until(() => laptop.upserts.find((upsert) => upsert.message.key.id === id));
      expect(copy.message).toMatchObject({ key: { remoteJid: jid, fromMe: true } });
      expect(await seenBy(contact.pn, jid)).toMatchObject([
        { id, from: anna.pn, to: jid, text: `first by ${addressing}` },
        { from: anna.pn, to: jid, text: `second by ${addressing}` },
      ]);
      await ben.socket.readMessages([message.key]);
      await anna.until(() => anna.readersOf(id).size === 2);
      expect(anna.readersOf(id)).toContain(addressing === 'pn' ? `${contact.pn}@s.whatsapp.net` : `${contact.lid}@lid`);
    },
  );

  it('wait in order for a client that is away', async () => {
    const jid = await aGroup(anna, [ben]);
    await say(anna, jid, 'before');
    await ben.received('before');
    await ben.close();
    for (const text of ['one', 'two']) await say(anna, jid, text);
    await world.patch(`/groups/${jid}`, { by: anna.pn, subject: 'While you were out' });
    await ben.connect().opened();
    await ben.received('two');
    await ben.settle();
    const offline = ben.upserts.filter(({ type }) => type === 'append').map(({ message }) => message);
    expect(offline.map((message) => message.message?.extendedTextMessage?.text).filter(Boolean)).toEqual([
      'one',
      'two',
    ]);
    const renamed = await ben.event('groups.update', ([update]) => update?.subject === 'While you were out');
    expect(renamed[0]?.id).toBe(jid);
  });

  it('are refused from strangers, and from members where only admins write', async () => {
    const stranger = await aClient();
    const jid = await aGroup(anna, [ben], { announcement: true });
    const silenced = await say(ben, jid, 'may I?');
    await ben.until(() => ben.refusalOf(silenced)?.includes('405'));
    await expect(stranger.socket.groupMetadata(jid)).rejects.toThrow('forbidden');
    const attrs = { to: jid, id: stranger.socket.generateMessageTag(), type: 'text' };
    await stranger.socket.sendNode({ tag: 'message', attrs, content: [] });
    const { items } = await world.get<{ items: { attrs: Record<string, string> }[] }>(
      `/stanzas?account=${stranger.pn}&tag=ack&id=${attrs.id}`,
    );
    expect(items).toMatchObject([{ attrs: { error: '403' } }]);
    await say(anna, jid, 'all of you');
    await ben.received('all of you');
    expect(ben.upserts.some(({ message }) => message.key.id === silenced && !message.key.fromMe)).toBe(false);
  });

  it('are sent again to the one device that could not read them, in both directions', async () => {
    const contact = await world.aContact({ behaviour: 'reader' });
    const jid = await aGroup(anna, [ben, contact]);
    await say(anna, jid, 'before');
    await ben.received('before');
    await world.post(`/accounts/${contact.pn}/send`, { to: jid, text: 'from the contact' });
    await ben.received('from the contact');
    ben.forgetSenderKeys();
    const id = await say(anna, jid, 'from a client again');
    await world.post(`/accounts/${contact.pn}/send`, { to: jid, text: 'from the contact again' });
    expect((await ben.received('from a client again')).message.key.id).toBe(id);
    await ben.received('from the contact again');
    expect(await seenBy(contact.pn, jid)).toHaveLength(2);
  });

  it('are answered by people, who do not answer each other', async () => {
    const [first, second] = [await world.aContact({ behaviour: 'echo' }), await world.aContact({ behaviour: 'echo' })];
    const jid = await aGroup(anna, [first, second]);
    await say(anna, jid, 'hello?');
    const answers = () =>
      anna.upserts.filter(({ message }) => !message.key.fromMe && message.key.remoteJid === jid && message.message);
    await anna.until(() => answers().length === 2);
    await world.post(`/accounts/${first.pn}/send`, { to: jid, text: 'only me' });
    await anna.received('only me');
    expect(new Set(answers().map(({ message }) => message.key.participant))).toEqual(
      new Set([`${first.lid}@lid`, `${second.lid}@lid`]),
    );
    expect((await seenBy(second.pn, jid)).map(({ text }) => text).sort()).toEqual(['hello?', 'hello?', 'only me']);
  });

  it('cannot be read by somebody who was removed', async () => {
    const contact = await world.aContact();
    const jid = await aGroup(anna, [ben, contact]);
    await world.post(`/accounts/${contact.pn}/send`, { to: jid, text: 'still together' });
    await ben.received('still together');
    await world.patch(`/groups/${jid}`, { by: anna.pn, remove: [ben.pn] });
    await ben.event('group-participants.update', ({ id, action }) => id === jid && action === 'remove');
    await world.post(`/accounts/${contact.pn}/send`, { to: jid, text: 'without you' });
    await anna.received('without you');
    await ben.settle();
    expect(ben.upserts.some(({ message }) => message.message?.conversation === 'without you')).toBe(false);
    const refused = await world.post(`/accounts/${ben.pn}/send`, { to: jid, text: 'let me in' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'group.forbidden' } });
  });

  it('are confirmed and asked for again by members alone', async () => {
    const stranger = await world.aContact();
    const jid = await aGroup(anna, [ben]);
    const id = await say(anna, jid, 'among us');
    await ben.received('among us');
    const receipt = { to: jid, author: anna.pn, ids: [id], type: 'read' };
    await world.post(`/accounts/${stranger.pn}/receipt`, receipt);
    await world.post(`/accounts/${ben.pn}/receipt`, receipt);
    await anna.until(() => anna.readersOf(id).size > 0);
    await anna.settle();
    expect(anna.readersOf(id)).toEqual(new Set([ben.creds.me?.lid?.replace(/:\d+/, '')]));
    const { items } = await world.get<{ items: { attrs: Record<string, string> }[] }>(
      `/stanzas?account=${anna.pn}&tag=receipt&direction=out&id=${id}`,
    );
    expect(items.filter(({ attrs }) => attrs.participant?.startsWith(stranger.lid))).toEqual([]);
  });

  it('show who is typing', async () => {
    const jid = await aGroup(anna, [ben], { addressing: 'pn' });
    await anna.socket.sendPresenceUpdate('composing', jid);
    const { presences } = await ben.until(() => ben.presences.find(({ id }) => id === jid));
    expect(presences).toEqual({ [`${anna.pn}@s.whatsapp.net`]: { lastKnownPresence: 'composing' } });
    const contact = await world.aContact();
    const other = await aGroup(anna, [contact], { addressing: 'pn' });
    await world.post(`/accounts/${contact.pn}/presence`, { to: other, state: 'recording' });
    const shown = await anna.until(() => anna.presences.find(({ id }) => id === other));
    expect(shown.presences).toEqual({ [`${contact.pn}@s.whatsapp.net`]: { lastKnownPresence: 'recording' } });
    expect(await world.post(`/accounts/${contact.pn}/presence`, { to: jid, state: 'composing' })).toMatchObject({
      body: { code: 'group.forbidden' },
    });
  });
});
