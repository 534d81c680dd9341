import { useSimulator } from '../../test-kit/use-simulator.js';
import { Clock } from '../world/clock.js';

interface Messages {
  items: { id: string; kind: string; text: string; from: string; vote?: string[] }[];
}

describe('behaviours of people', () => {
  const world = useSimulator({ seed: 'behaviours' });
  const seenBy = async (pn: string, query = '') => (await world.get<Messages>(`/messages?account=${pn}${query}`)).items;

  it('replier: types before answering', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const rules = [{ match: 'price', text: 'ten' }];
    const contact = await world.aContact({ behaviour: 'replier', rules, typingMs: 100 });
    await client.sendText(contact.pn, 'the price?');
    const jid = `${contact.pn}@s.whatsapp.net`;
    const typing = await client.event('presence.update', ({ id }) => id === jid);
    expect(typing.presences[jid]).toMatchObject({ lastKnownPresence: 'composing' });
    expect(client.upserts.some(({ message }) => message.key.remoteJid === jid && !message.key.fromMe)).toBe(false);
    await client.received('ten');
  });

  it('flooder: sends as many messages as told', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'flooder', ratePerSec: 200, floodCount: 12 });
    await client.sendText(contact.pn, 'go');
    await client.received('flood 12');
    const texts = client.upserts.map(({ message }) => message.message?.conversation).filter(Boolean);
    expect(texts).toEqual(Array.from({ length: 12 }, (_, n) => `flood ${n + 1}`));
  });

  it('voter: votes in a poll it gets', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'voter' });
    const poll = { name: 'Lunch?', values: ['Pizza', 'Soup'], selectableCount: 1 };
    const sent = await client.socket.sendMessage(`${contact.pn}@s.whatsapp.net`, { poll });
    const { message } = await client.until(() =>
      client.upserts.find(({ message }) => message.message?.pollUpdateMessage),
    );
    expect(message.message?.pollUpdateMessage?.pollCreationMessageKey).toMatchObject({
      id: sent?.key.id,
      fromMe: true,
    });
  });

  it('reactor: reacts to messages', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'reactor', emoji: '🎉' });
    const id = await client.sendText(contact.pn, 'I passed!');
    const [reaction] = await client.event('messages.reaction');
    expect(reaction).toMatchObject({ key: { id, fromMe: true }, reaction: { text: '🎉' } });
  });

  it('editor: changes its answer and then deletes it', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'editor' });
    await client.sendText(contact.pn, 'hm');
    const { message } = await client.received('hm');
    const ofAnswer = (update: { key: { id?: string | null } }) => update.key.id === message.key.id;
    const edited = await client.until(() => client.updates.find((update) => ofAnswer(update) && update.update.message));
    expect(edited.update.message?.editedMessage?.message?.extendedTextMessage?.text).toBe('hm (edited)');
    await client.until(() => client.updates.find((update) => ofAnswer(update) && update.update.message === null));
  });

  it('caller: calls back', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'caller' });
    await client.sendText(contact.pn, 'call me');
    const [call] = await client.event('call');
    expect(call).toMatchObject({ status: 'offer', from: `${contact.pn}@s.whatsapp.net`, isVideo: false });
  });

  it('lidOnly: is known and writes only by the opaque id', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'lidOnly' });
    expect(await client.socket.onWhatsApp(contact.pn)).toEqual([]);
    await client.socket.sendMessage(`${contact.lid}@lid`, { text: 'who are you?' });
    const { message } = await client.received('who are you?');
    expect(message.key.remoteJid).toBe(`${contact.lid}@lid`);
    expect(message.key.remoteJidAlt).toBeUndefined();
    await world.post(`/accounts/${contact.pn}/send`, { to: client.pn, text: 'a friend' });
    expect((await client.received('a friend')).message.key.remoteJid).toBe(`${contact.lid}@lid`);
  });

  it('multiDevice: every device gets its own copy', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'multiDevice', devices: 4 });
    const id = await client.sendText(contact.pn, 'everywhere');
    await client.received('everywhere');
    for (const device of [0, 1, 2, 3])
      expect(await seenBy(contact.pn, `&device=${device}`)).toContainEqual(
        expect.objectContaining({ id, text: 'everywhere', from: client.pn }),
      );
  });

  it('blocked: nothing arrives, nothing is confirmed', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'blocked' });
    const id = await client.sendText(contact.pn, 'please');
    const after = await client.sendText((await world.aContact()).pn, 'somebody else');
    await client.reached(after, 3);
    expect(client.statusOf(id)).toBeLessThan(3);
    expect(await seenBy(contact.pn)).toEqual([]);
  });
});

describe('a reader on a clock that stands still', () => {
  const clock = new Clock(Date.parse('2026-01-31T12:00:00Z'));
  const world = useSimulator({ seed: 'reader', clock });

  it('confirms delivery and reading at the moments it was told', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'reader', deliveryMs: 150, readMs: 300 });
    /** Lets the time pass that lies before the next tick, up to its last millisecond, and then that one. */
    const ticks = async (id: string, status: number, ms: number, idle: number) => {
      await world.until('something to come', async () => clock.pending > idle);
      clock.advance(ms - 1);
      await client.settle();
      expect(client.statusOf(id)).toBeLessThan(status);
      clock.advance(1);
      await client.reached(id, status);
    };
    const idle = clock.pending;
    const id = await client.sendText(contact.pn, 'when will you read this?');
    await ticks(id, 3, 150, idle);
    await ticks(id, 4, 300, idle);
  });
});
