import { useSimulator } from '../../test-kit/use-simulator.js';
import { Clock } from '../world/clock.js';

interface Messages {
  items: { id: string; text: string; repeat: boolean }[];
}

describe('contacts played by the simulator', () => {
  const world = useSimulator();
  const stats = (pn: string) => world.get<Record<string, number>>(`/messages/stats?account=${pn}`);

  it('confirm delivery, or reading, or nothing, as told', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [silent, reader, off] = [
      await world.aContact({ behaviour: 'silent' }),
      await world.aContact({ behaviour: 'reader' }),
      await world.aContact({ behaviour: 'unreachable' }),
    ];
    const lost = await client.sendText(off.pn, 'anybody?');
    await client.reached(await client.sendText(silent.pn, 'hi'), 3);
    await client.reached(await client.sendText(reader.pn, 'hi'), 4);
    expect(client.updates.filter(({ key }) => key.id === lost)).toEqual([]);
    expect(await stats(off.pn)).toMatchObject({ received: 0 });
  });

  it('answer by rules', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'replier', rules: [{ match: '^price', text: 'ten' }] });
    await client.sendText(contact.pn, 'hello');
    await client.sendText(contact.pn, 'Price, please?');
    await client.received('ten');
    expect(await stats(contact.pn)).toMatchObject({ received: 2, sent: 1 });
  });

  it('send any number of messages, in order, readable by every linked client', async () => {
    const pn = world.aNumber();
    const [desk, laptop] = [await world.aClient().pair(pn), await world.aClient().pair(pn)];
    const contact = await world.aContact();
    const { status, body } = await world.post<{ ids: string[] }>(`/accounts/${contact.pn}/send`, {
      to: pn,
      textTemplate: 'number {n}',
      count: 30,
    });
    expect({ status, ids: new Set(body.ids).size }).toEqual({ status: 202, ids: 30 });
    for (const client of [desk, laptop]) {
      await client.received('number 30');
      expect(client.upserts.filter(({ message }) => message.messageStubType)).toEqual([]);
      const ids = client.upserts.map(({ message }) => message.key.id);
      expect(ids.filter((id) => body.ids.includes(id ?? ''))).toEqual(body.ids);
    }
    const all = (await world.get<Messages>(`/messages?account=${pn}`)).items;
    expect(all.length).toBe(30);
    const page = (query: string) => world.get(`/messages?account=${pn}&peer=${pn}&${query}`);
    expect(await page('limit=10')).toEqual({ items: all.slice(0, 10), next: 10 });
    expect(await page('since=10&limit=25')).toEqual({ items: all.slice(10), next: 30 });
  });

  it('write under a given id and confirm by hand', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'unreachable' });
    await world.post(`/accounts/${contact.pn}/send`, { to: client.pn, text: 'custom', id: 'MYID1' });
    expect((await client.received('custom')).message.key.id).toBe('MYID1');
    const id = await client.sendText(contact.pn, 'read me');
    await world.post(`/accounts/${contact.pn}/receipt`, { to: client.pn, ids: [id], type: 'delivered' });
    await client.reached(id, 3);
    await world.post(`/accounts/${contact.pn}/receipt`, { to: client.pn, ids: [id], type: 'read' });
    await client.reached(id, 4);
  });

  it('notice a message shown twice', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const jid = `${contact.pn}@s.whatsapp.net`;
    const message = { conversation: 'again' };
    await client.socket.relayMessage(jid, message, { messageId: 'TWICE' });
    await client.socket.relayMessage(jid, message, { messageId: 'TWICE' });
    await client.sendText(contact.pn, 'end');
    await client.reached('TWICE', 3).catch(() => undefined);
    await expect(stats(contact.pn)).resolves.toMatchObject({ received: 3, distinct: 2, repeats: 1 });
    const { items } = await world.get<Messages>(`/messages?account=${contact.pn}`);
    expect(items.map(({ id, repeat }) => [id, repeat]).slice(0, 2)).toEqual([
      ['TWICE', false],
      ['TWICE', true],
    ]);
  });

  it('show the damage of a ratchet that was rolled back, and ask again only when told', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [strict, patient] = [await world.aContact(), await world.aContact({ retries: true })];
    for (const { pn } of [strict, patient]) {
      await client.reached(await client.sendText(pn, 'one'), 3);
      await world.post(`/accounts/${pn}/send`, { to: client.pn, text: `from ${pn}` });
      await client.received(`from ${pn}`);
      await client.reached(await client.sendText(pn, 'two'), 3);
    }
    const restore = client.backUpSessions();
    for (const { pn } of [strict, patient]) await client.reached(await client.sendText(pn, 'three'), 3);
    restore();
    const [, repaired] = [await client.sendText(strict.pn, 'four'), await client.sendText(patient.pn, 'four')];
    await client.reached(repaired, 3);
    expect(await stats(patient.pn)).toMatchObject({ undecryptable: 1, retryReceiptsSent: 1, distinct: 4, repeats: 0 });
    expect(await stats(strict.pn)).toMatchObject({ undecryptable: 1, retryReceiptsSent: 0, distinct: 3 });
  });

  it('answer the retry request of a client, unless told not to', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const [helpful, stubborn] = [await world.aContact(), await world.aContact({ answerRetries: false })];
    for (const { pn } of [helpful, stubborn]) {
      await world.post(`/accounts/${pn}/send`, { to: client.pn, text: `hi from ${pn}` });
      await client.received(`hi from ${pn}`);
      await client.reached(await client.sendText(pn, 'hello'), 3);
      await world.post(`/accounts/${pn}/send`, { to: client.pn, text: `settled ${pn}` });
      await client.received(`settled ${pn}`);
    }
    client.forgetSessions();
    await world.post(`/accounts/${stubborn.pn}/send`, { to: client.pn, text: 'unreadable' });
    const { body } = await world.post<{ ids: string[] }>(`/accounts/${helpful.pn}/send`, {
      to: client.pn,
      text: 'repaired',
    });
    expect((await client.received('repaired')).message.key.id).toBe(body.ids[0]);
    expect(await stats(helpful.pn)).toMatchObject({ retryReceiptsReceived: 1, retriesAnswered: 1 });
    const refused = await stats(stubborn.pn);
    expect(refused.retryReceiptsReceived).toBeGreaterThanOrEqual(1);
    expect(refused.retriesAnswered).toBe(0);
  });

  it('take load without opening anything, and still can write', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const { body } = await world.post<{ items: { pn: string }[] }>('/accounts', { count: 2000, behaviour: 'sink' });
    expect(body.items.length).toBe(2000);
    const [sink] = body.items;
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => client.sendText(sink?.pn ?? '', `load ${n}`)));
    for (const id of ids) await client.reached(id, 3);
    expect(await stats(sink?.pn ?? '')).toMatchObject({ received: 20, distinct: 0, undecryptable: 0 });
    await world.post(`/accounts/${sink?.pn}/send`, { to: client.pn, text: 'from a sink' });
    await client.received('from a sink');
  });
});

describe('contacts on a clock that stands still', () => {
  const clock = new Clock(Date.parse('2026-01-31T12:00:00Z'));
  const world = useSimulator({ seed: 'steady', clock });

  it('send at the rate they were told, and no faster', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const ticks = () => client.upserts.filter(({ message }) => message.message?.conversation?.startsWith('tick'));
    const order = { to: client.pn, textTemplate: 'tick {n}', count: 10, ratePerSec: 50 };
    await world.post(`/accounts/${contact.pn}/send`, order);
    await client.received('tick 1');
    clock.advance(100);
    await client.received('tick 6');
    await client.settle();
    expect(ticks()).toHaveLength(6);
    clock.advance(60_000);
    await client.received('tick 10');
  });
});
