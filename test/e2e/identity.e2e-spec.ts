import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { useSession } from '@app/testing/use-session.js';

describe('somebody who changes from one address to the other in mid-conversation', () => {
  const linked = useSession({ types: ['contact.merged'] });
  const { stack } = linked;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;

  beforeAll(async () => {
    ({ tenant, session, phone } = linked);
  });

  const chatsOf = async (...addresses: string[]) => {
    const { items } = await session.api.ok('GET /chats', { limit: 200 });
    return items.filter(({ chatId }) => addresses.includes(chatId)).map(({ chatId }) => chatId);
  };
  const textsIn = async (chatId: string) => {
    const { items } = await session.api.ok('GET /messages', { chatId, limit: 200 });
    return items.map(({ text }) => text).reverse();
  };
  const arrives = (text: string) =>
    eventually(`${text} is stored`, async () =>
      (await tenant.events('message.received')).some(({ data }) => data.message?.text === text),
    );
  const says = async (pn: string, text: string, family: 'pn' | 'lid') => {
    await stack.simulator.send(pn, phone, { text, family });
    await arrives(text);
  };

  it('stays one chat and one contact, and loses no message', async () => {
    const ana = await stack.simulator.aContact('reader', { name: 'Ana' });
    const lid = `${ana.lid}@lid`;
    await says(ana.pn, 'by number', 'pn');
    await session.send(ana.pn, 'our answer', { wait: true });
    await says(ana.pn, 'by id', 'lid');
    await session.send(lid, 'to the id', { wait: true });
    await stack.gateway.kill();
    await stack.simulator.send(ana.pn, phone, { text: 'by id, while we were down', family: 'lid' });
    await stack.gateway.start();
    await arrives('by id, while we were down');
    await says(ana.pn, 'by number again', 'pn');

    expect(await chatsOf(ana.pn, lid)).toEqual([ana.pn]);
    const all = ['by number', 'our answer', 'by id', 'to the id', 'by id, while we were down', 'by number again'];
    for (const address of [ana.pn, lid]) expect((await textsIn(address)).toSorted()).toEqual(all.toSorted());
    await eventually('Ana has read both', async () => {
      const texts = (await stack.simulator.messages(ana.pn, phone))
        .filter(({ from }) => from === phone)
        .map(({ text }) => text);
      return texts.includes('our answer') && texts.includes('to the id');
    });
  });

  it('is merged, and told, when the number behind an id becomes known', async () => {
    const cleo = await stack.simulator.aContact('lidOnly', { name: 'Cleo' });
    const lid = `${cleo.lid}@lid`;
    await says(cleo.pn, 'who am I?', 'lid');
    await says(cleo.pn, 'guess', 'lid');
    expect(await chatsOf(cleo.pn, lid)).toEqual([lid]);
    await session.send(lid, 'no idea', { wait: true });

    await stack.simulator.api.ok(`POST /accounts/${phone}/phone`, { op: 'pnForLid', contact: cleo.pn });
    const isCleo = (data: object) => JSON.stringify(data).includes(cleo.pn);
    await linked.told('contact.merged', ({ data }) => isCleo(data));
    await says(cleo.pn, 'after all', 'lid');
    await eventually('there is one chat', async () => (await chatsOf(cleo.pn, lid)).join() === cleo.pn);
    const texts = await textsIn(cleo.pn);
    expect(texts).toEqual(expect.arrayContaining(['who am I?', 'guess', 'no idea', 'after all']));
    expect((await textsIn(lid)).length).toBe(texts.length);
    const { items } = await session.api.ok('GET /contacts', { limit: 200 });
    expect(items.filter(({ waId }) => waId === lid)).toEqual([]);

    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await chatsOf(cleo.pn, lid)).toEqual([cleo.pn]);
    expect(await textsIn(lid)).toEqual(texts);
    await session.becomes('connected');
    await says(cleo.pn, 'still me', 'lid');
    expect(await textsIn(cleo.pn)).toContain('still me');
    const merged = (await tenant.events('contact.merged')).filter(({ data }) => isCleo(data));
    expect(merged).toHaveLength(1);
  });
});
