import { useSimulator } from '../../test-kit/use-simulator.js';

describe('bots', () => {
  const world = useSimulator({ seed: 'bots' });

  it('are written to at their own address and answer from their number, in a form clients can read', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const rules = [{ match: 'weather', text: 'sunny' }];
    const order = { name: 'Helper', behaviour: 'replier', rules };
    const { body: bot } = await world.post<{ jid: string; pn: string }>('/bots', order);
    const sent = await client.socket.sendMessage(bot.jid, { text: 'the weather?' });
    expect(sent?.key.remoteJid).toBe(bot.jid);
    const { message } = await client.received('sunny');
    expect(message.key.remoteJid).toBe(`${bot.pn}@s.whatsapp.net`);
    expect(await world.get('/bots')).toMatchObject({ items: [{ jid: bot.jid, name: 'Helper' }] });
  });
});
