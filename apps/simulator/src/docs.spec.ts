import { readFileSync } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import { jest } from '@jest/globals';
import { WA_CERT_DETAILS, initAuthCreds, makeWASocket } from '@whiskeysockets/baileys';
import type { WASocket } from '@whiskeysockets/baileys';
import { Agent, buildConnector } from 'undici6';
import { BaileysClient } from '../test-kit/baileys-client.js';
import { Page } from '../test-kit/page.js';
import { createSimulator } from './create-simulator.js';
import type { Simulator } from './create-simulator.js';
import { worldNamed } from './worlds/built-in.js';
import type { World } from './worlds/world.js';

const guide = new Page('docs/simulator.md');
const reference = new Page('docs/simulator-api.md');
const sandbox = new Page('docs/sandbox.md');
const TIMEOUT_MS = 90_000;

/** A client that shows its QR code and connects again whenever it was cut off, until it is logged out. */
class Resident {
  readonly client: BaileysClient;
  private hasLeft = false;

  constructor(simulator: Simulator) {
    this.client = new BaileysClient(simulator).connect();
    void this.stay();
  }

  qr(): Promise<string> {
    return this.client.until(() => this.client.qr);
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    await this.client.close();
  }

  private async stay(): Promise<void> {
    for (;;) {
      const { statusCode } = await this.client.ended();
      if (this.hasLeft || statusCode === 401) return;
      this.client.connect();
    }
  }
}

/** Runs the examples of a page on a network of its own, with two clients at hand that wait to be linked. */
async function runExamples(page: Page, world: string): Promise<string> {
  const simulator = await createSimulator({ token: 'secret', seed: page.path, world: worldNamed(world) });
  const [first, second] = [new Resident(simulator), new Resident(simulator)];
  try {
    const [QR] = await Promise.all([first.qr(), second.qr()]);
    const CODE = await second.client.socket.requestPairingCode('12025550109');
    return await page.run({ QR, CODE }, (script) => script.replaceAll('http://127.0.0.1:7900', simulator.url));
  } finally {
    await Promise.all([first.leave(), second.leave()]);
    await simulator.close();
  }
}

/** Runs a block of code that finds what it imports, and the rest of what it uses, among `known`. */
function runCode<T>(block: string, known: Record<string, unknown>, answer: string): Promise<T> {
  const code = `return (async () => { ${block.replaceAll(/^import .*$/gm, '')}\nreturn ${answer}; })();`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is that of our own documentation
  return (new Function(...Object.keys(known), code) as (...values: unknown[]) => Promise<T>)(...Object.values(known));
}

describe('the documentation of the simulator', () => {
  beforeAll(() => {
    // libsignal prints sessions to the console.
    for (const level of ['info', 'warn', 'error'] as const)
      jest.spyOn(console, level).mockImplementation(() => undefined);
  });

  it(
    'has a guide whose examples run',
    async () => expect(await runExamples(guide, '')).toContain('"seed":"next test"'),
    TIMEOUT_MS,
  );

  it(
    'has a reference whose examples run',
    async () => expect(await runExamples(reference, 'small')).toContain('"seed":"next"'),
    TIMEOUT_MS,
  );

  it('has a reference of exactly the routes there are', async () => {
    const simulator = await createSimulator();
    const document = (await (await fetch(`${simulator.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    await simulator.close();
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    expect([...reference.routes].sort()).toEqual(routes.sort());
  });

  it('has a guide whose code starts a network and connects a client to one', async () => {
    const [connecting = '', creating = ''] = guide.blocks('ts');
    expect(await runCode(creating, { createSimulator }, 'health.status')).toBe(200);

    const simulator = await createSimulator();
    const auth = { creds: initAuthCreds(), keys: { get: () => ({}), set: () => undefined } };
    const imported = { readFileSync, HttpsAgent, WA_CERT_DETAILS, makeWASocket, Agent, buildConnector };
    const socket = await runCode<WASocket>(connecting, { ...imported, simulator, auth }, 'socket');
    await new Promise<void>((resolve) => socket.ev.on('connection.update', ({ qr }) => qr && resolve()));
    await socket.end(undefined);
    await simulator.close();
  });

  it('shows worlds that can be built', async () => {
    const worlds = sandbox.blocks('json').map((block) => JSON.parse(block) as World);
    expect(worlds.length).toBeGreaterThan(0);
    for (const world of worlds) await (await createSimulator({ world: [...worldNamed('small'), ...world] })).close();
  });
});
