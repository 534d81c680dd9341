import { ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import { GatewayProcess } from '@app/testing/gateway-process.js';
import { SimulatorProcess } from '@app/testing/simulator-process.js';

const MESSAGES = 40;
/** How soon depends on how often the lines break, and on the machine; that it happens does not. */
const PATIENCE_MS = 60_000;
const texts = (who: string) => Array.from({ length: MESSAGES }, (_, n) => `${who} ${n + 1}`);

describe('a gateway on a network that has a bad day', () => {
  let simulator: SimulatorProcess;
  let gateway: GatewayProcess;
  beforeAll(async () => {
    simulator = await SimulatorProcess.start({ SIMULATOR_WORLD: 'chaos', SIMULATOR_SEED: 'a bad day' });
    gateway = await GatewayProcess.start(simulator, { SEND_ACK_TIMEOUT_MS: '3000', SEND_RETRIES: '20' });
  });
  afterAll(async () => {
    await gateway.dispose();
    await simulator.stop();
  });

  it('loses no message in either direction and shows none twice', async () => {
    const [tenant, ana] = [await gateway.aTenant(), await simulator.aContact('reader', { retries: true })];
    const phone = '628130000777';
    const session = await tenant.aPairedSession(phone);
    await simulator.send(ana.pn, phone, { textTemplate: 'from Ana {n}', count: MESSAGES, ratePerSec: 20 });
    for (const text of texts('to Ana')) await session.send(ana.pn, text);

    const distinct = async () => (await simulator.stats(ana.pn)).distinct;
    await eventually('half of it went through', async () => (await distinct()) >= MESSAGES / 2, PATIENCE_MS);
    const { items: faults } = await simulator.api.ok<{ items: { id: string; hits: number }[] }>('GET /faults');
    expect(faults.filter(({ hits }) => hits > 0).length).toBeGreaterThan(2);

    // What was dropped comes again at the next login.
    await simulator.api.ok('DELETE /faults');
    await simulator.kick(phone, 'resetTcp');

    const list = async () =>
      (await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: ana.pn, limit: 200 }))))
        .items;
    const received = await eventually(
      'everything has come',
      async () => {
        const items = (await list()).filter(({ fromMe }) => !fromMe);
        return items.length >= MESSAGES && items;
      },
      PATIENCE_MS,
    );
    expect(received.map(({ text }) => text).sort()).toEqual(texts('from Ana').sort());

    await eventually('everything has gone', async () => (await distinct()) >= MESSAGES, PATIENCE_MS);
    const seen = await simulator.messages(ana.pn, phone);
    const shown = new Set(seen.filter(({ repeat }) => !repeat).map(({ text }) => text));
    expect([...shown].filter((text) => text.startsWith('to Ana')).sort()).toEqual(texts('to Ana').sort());
    await eventually(
      'WhatsApp has confirmed everything',
      async () => {
        const sent = (await list()).filter(({ fromMe }) => fromMe);
        return sent.length === MESSAGES && sent.every(({ status }) => ['delivered', 'read'].includes(status));
      },
      PATIENCE_MS,
    );
  });
});
