import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

const STATUS = 'status@broadcast';

interface Messages {
  items: { id: string; from: string; to: string; text: string; kind: string }[];
}

describe('statuses', () => {
  const world = useSimulator({ seed: 'statuses' });
  const address = (pn: string) => `${pn}@s.whatsapp.net`;
  let anna: BaileysClient;
  let ben: BaileysClient;
  beforeAll(async () => {
    [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
  });
  const post = async (text: string, viewers: string[]) => {
    const sent = await anna.socket.sendMessage(STATUS, { text }, { statusJidList: viewers.map(address) });
    return sent?.key ?? {};
  };
  const seenBy = async (pn: string) => (await world.get<Messages>(`/messages?account=${pn}&peer=${STATUS}`)).items;

  it('reach those they are meant for, who can look at them and say so', async () => {
    const [viewer, other] = [await world.aContact({ behaviour: 'reader' }), await world.aContact()];
    const { id } = await post('At the lake', [ben.pn, viewer.pn]);
    const { message } = await ben.received('At the lake');
    expect(message).toMatchObject({ key: { remoteJid: STATUS, id, participant: address(anna.pn) }, broadcast: true });
    await ben.socket.readMessages([message.key]);
    await anna.until(() => anna.readersOf(id ?? '').size === 2);
    expect(anna.readersOf(id ?? '')).toEqual(new Set([ben.pn, viewer.pn].map(address)));
    expect(await seenBy(viewer.pn)).toMatchObject([{ id, from: anna.pn, to: STATUS, text: 'At the lake' }]);
    expect(await seenBy(other.pn)).toEqual([]);
  });

  it('are looked at when a person is told to', async () => {
    const viewer = await world.aContact();
    const { id } = await post('By hand', [viewer.pn]);
    const receipt = { to: 'status', ids: [id], type: 'read' };
    expect((await world.post(`/accounts/${viewer.pn}/receipt`, receipt)).status).toBe(400);
    await world.post(`/accounts/${viewer.pn}/receipt`, { ...receipt, author: anna.pn });
    await anna.until(() => anna.readersOf(id ?? '').has(address(viewer.pn)));
  });

  it('can be taken back by a client', async () => {
    const viewer = await world.aContact({ behaviour: 'echo' });
    const key = await post('Oops', [ben.pn, viewer.pn]);
    await ben.received('Oops');
    await anna.socket.sendMessage(STATUS, { delete: key }, { statusJidList: [ben.pn, viewer.pn].map(address) });
    await ben.until(() => ben.updates.find((update) => update.key.id === key.id && update.update.message === null));
    await anna.until(() => anna.readersOf(key.id ?? '').size === 1);
    expect((await seenBy(viewer.pn)).map(({ kind }) => kind)).toEqual(['extendedTextMessage', 'protocolMessage']);
  });

  it('are posted and taken back by people, for everybody with a client or for some', async () => {
    const contact = await world.aContact();
    const { body } = await world.post<{ ids: string[] }>(`/accounts/${contact.pn}/send`, {
      to: 'status',
      text: 'For all',
    });
    for (const client of [anna, ben]) {
      const { message } = await client.received('For all');
      expect(message.key).toMatchObject({ remoteJid: STATUS, participant: address(contact.pn) });
    }
    await world.post(`/accounts/${contact.pn}/send`, { to: 'status', text: 'For Anna', viewers: [anna.pn] });
    await anna.received('For Anna');
    expect((await world.remove(`/accounts/${contact.pn}/statuses/${body.ids[0]}`)).status).toBe(204);
    for (const client of [anna, ben])
      await client.until(() =>
        client.updates.find(({ key, update }) => key.id === body.ids[0] && update.message === null),
      );
    expect(ben.upserts.some(({ message }) => message.message?.conversation === 'For Anna')).toBe(false);
  });

  it('do not reach people who have blocked the author, one or everybody', async () => {
    const [blocker, friend] = [await world.aContact({ behaviour: 'blocked' }), await world.aContact()];
    const statusJidList = [blocker, friend].map(({ pn }) => address(pn));
    await anna.socket.sendMessage(STATUS, { text: 'Not for everybody' }, { statusJidList });
    await anna.settle();
    expect(await seenBy(friend.pn)).toMatchObject([{ text: 'Not for everybody' }]);
    expect(await seenBy(blocker.pn)).toEqual([]);
  });

  it('wait for a client that is away', async () => {
    const contact = await world.aContact();
    await ben.close();
    await world.post(`/accounts/${contact.pn}/send`, { to: 'status', text: 'Good morning', viewers: [ben.pn] });
    await world.get(`/messages/stats?account=${contact.pn}`);
    await ben.connect().opened();
    expect((await ben.received('Good morning')).type).toBe('append');
  });
});
