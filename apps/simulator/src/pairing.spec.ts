import { jest } from '@jest/globals';
import { BaileysClient, aContact, control } from '../test-kit/baileys-client.js';
import { createSimulator } from './create-simulator.js';
import type { Simulator } from './create-simulator.js';

describe('linking a client', () => {
  let simulator: Simulator;
  const clients: BaileysClient[] = [];
  const aClient = () => {
    const client = new BaileysClient(simulator);
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    for (const level of ['info', 'warn', 'error'] as const)
      jest.spyOn(console, level).mockImplementation(() => undefined);
    simulator = await createSimulator({ seed: 'pairing' });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await simulator.close();
  });

  it('scans a QR code, restarts with 515 and logs in', async () => {
    const client = aClient().connect();
    const qr = await client.until(() => client.qr);
    const { status, body } = await control(simulator, 'POST', '/pair', { pn: '6281200000001', qr });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { pn: '6281200000001', device: 1, jid: '6281200000001:1@s.whatsapp.net' },
    });
    expect(await client.ended()).toEqual({ statusCode: 515 });
    await client.connect().opened();
    expect(client.creds.me).toMatchObject({ id: '6281200000001:1@s.whatsapp.net', lid: `${String(body.lid)}:1@lid` });
  });

  it('answers a message to an echo contact with the same text', async () => {
    const contact = await aContact(simulator, { behaviour: 'echo' });
    const client = await aClient().pair('6281200000002');
    const id = await client.sendText(contact.pn, 'hello');
    const { message } = await client.received('hello');
    expect(message.key).toMatchObject({
      remoteJid: `${contact.pn}@s.whatsapp.net`,
      remoteJidAlt: `${contact.lid}@lid`,
    });
    await client.reached(id, 4);
    const { body } = await control(simulator, 'GET', `/messages?account=${contact.pn}`);
    expect(body).toMatchObject({ items: [{ id, from: '6281200000002', text: 'hello', repeat: false }] });
  });
});
