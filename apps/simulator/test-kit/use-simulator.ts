import { jest } from '@jest/globals';
import type { SeenMessage } from '../src/contacts/mail-record.js';
import { createSimulator } from '../src/create-simulator.js';
import type { Simulator, SimulatorOptions } from '../src/create-simulator.js';
import { BaileysClient, aContact, control } from './baileys-client.js';
import { untilSeen } from './patience.js';
import type { Look } from './patience.js';

/** Starts a network for the tests of a file, quiet and with everything closed afterwards. */
export function useSimulator(options: SimulatorOptions = { seed: 'test' }) {
  const clients: BaileysClient[] = [];
  let simulator: Simulator | undefined;
  let lastNumber = 628_120_000_000;
  /** What somebody's phone saw of the file of a message, once it has opened it or given up. */
  const fileSeen = (pn: string, id: string): Promise<SeenMessage> =>
    until(`the file of ${id}, opened by ${pn}`, async () => {
      const { body } = await control<{ items: SeenMessage[] }>(running(), 'GET', `/messages?account=${pn}`);
      return body.items.find((item) => item.id === id && item.media?.ok !== null);
    });
  /** Looks again and again until the network answers a question as hoped. */
  const until = <T>(what: string, look: Look<T>): Promise<T> =>
    untilSeen(look, async () => {
      const { body } = await control(running(), 'GET', '/unanswered');
      return `Waited for ${what} in vain; unanswered: ${JSON.stringify(body)}`;
    });
  const running = (): Simulator => {
    if (!simulator) throw new Error('The simulator is not started.');
    return simulator;
  };

  beforeAll(async () => {
    // libsignal prints sessions to the console.
    for (const level of ['info', 'warn', 'error'] as const)
      jest.spyOn(console, level).mockImplementation(() => undefined);
    simulator = await createSimulator(options);
  });
  afterAll(async () => {
    await Promise.all([simulator?.close(), ...clients.map((client) => client.close())]);
  });

  return {
    get simulator() {
      return running();
    },
    fileSeen,
    until,
    aNumber: () => String(++lastNumber),
    aClient: (config: ConstructorParameters<typeof BaileysClient>[1] = {}) => {
      const client = new BaileysClient(running(), config);
      clients.push(client);
      return client;
    },
    aContact: (order: object = {}) => aContact(running(), order),
    get: async <T = Record<string, unknown>>(path: string) => (await control<T>(running(), 'GET', path)).body,
    post: <T = Record<string, unknown>>(path: string, body: object = {}) => control<T>(running(), 'POST', path, body),
    patch: <T = Record<string, unknown>>(path: string, body: object) => control<T>(running(), 'PATCH', path, body),
    put: <T = Record<string, unknown>>(path: string, body: object = {}) => control<T>(running(), 'PUT', path, body),
    remove: (path: string) => control(running(), 'DELETE', path),
  };
}
