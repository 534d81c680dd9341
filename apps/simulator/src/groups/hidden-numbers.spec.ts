import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

describe('somebody who hides the number', () => {
  const world = useSimulator({ seed: 'hidden numbers' });
  let me: BaileysClient;
  beforeAll(async () => void (me = await world.aClient().pair(world.aNumber())));

  it.each(['lid', 'pn'] as const)('does not show it in a group, %s addressed', async (addressing) => {
    const hidden = await world.aContact({ behaviour: 'lidOnly' });
    const order = { subject: 'Secret', owner: hidden.pn, members: [me.pn], addressing, joinApproval: true };
    const { body } = await world.post<{ jid: string }>('/groups', order);
    const { jid } = body;
    await world.patch(`/groups/${jid}`, { by: hidden.pn, subject: 'More secret', promote: [me.pn] });
    const other = await world.aContact({ behaviour: 'lidOnly' });
    await world.post(`/groups/${jid}/join-requests`, { pn: other.pn });
    expect(await me.socket.groupRequestParticipantsList(jid)).toMatchObject([{ jid: `${other.lid}@lid` }]);
    const { participants } = await me.socket.groupMetadata(jid);
    expect(participants.map(({ id }) => id)).toContain(`${hidden.lid}@lid`);
    await world.post(`/accounts/${hidden.pn}/send`, { to: jid, text: `hello by ${addressing}` });
    await me.received(`hello by ${addressing}`);
    // The person answers what is said, and can read it.
    await me.socket.sendMessage(jid, { text: `who is it, by ${addressing}?` });
    await me.received(`who is it, by ${addressing}?`);
    const { items } = await world.get<{ items: { xml: string }[] }>(
      `/stanzas?account=${me.pn}&direction=out&limit=1000`,
    );
    expect(items.filter(({ xml }) => xml.includes(hidden.pn) || xml.includes(other.pn))).toEqual([]);
  });

  it('does not show it with a status', async () => {
    const hidden = await world.aContact({ behaviour: 'lidOnly' });
    await world.post(`/accounts/${hidden.pn}/send`, { to: 'status', text: 'guess who', viewers: [me.pn] });
    const { message } = await me.received('guess who');
    expect(message.key.participant).toBe(`${hidden.lid}@lid`);
    expect(JSON.stringify(message.key)).not.toContain(hidden.pn);
  });
});
