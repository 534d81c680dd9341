import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { Pool } from 'undici';
import { distPath } from './paths.js';
import { eachOf, until } from './until.js';
import { track } from './worker.js';

/** What a client of the network has to know. */
export interface Network {
  url: string;
  socketUrl: string;
  rootKey: string;
  token: string;
}

const SIDE_BY_SIDE = 8;
/** Numbers that exist: the gateway checks them. */
const FIRST_NUMBER = 6_281_200_000_000;

/** The network in a process of its own, and its control API. */
export class Simulator {
  private nextNumber = FIRST_NUMBER;

  private constructor(
    readonly network: Network,
    private readonly pool: Pool,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<Simulator> {
    const token = randomBytes(16).toString('hex');
    const env = { PATH: process.env.PATH ?? '', SIMULATOR_PORT: '0', SIMULATOR_TOKEN: token };
    // As `npm run simulator` does.
    const child = spawn(process.execPath, ['--max-semi-space-size=64', distPath('apps/simulator/src/main.js')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // The pipe to its standard input ends with this process, and the simulator with the pipe.
      env: { ...env, SIMULATOR_STOP_WITH_PARENT: '1' },
    });
    track(child);
    const lines = createInterface(child.stdout);
    const line = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])]);
    if (typeof line[0] !== 'string') throw new Error('the simulator did not start');
    const network = { ...(JSON.parse(line[0]) as Network), token };
    return Simulator.connect(network, async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
  }

  /** A network that runs already; `end` stops it. */
  static connect(network: Network, end: () => Promise<void>): Simulator {
    const pool = new Pool(network.url, { connections: SIDE_BY_SIDE });
    return new Simulator(network, pool, async () => {
      await pool.destroy();
      await end();
    });
  }

  async stop(): Promise<void> {
    await this.end();
  }

  async call<T>(method: 'GET' | 'POST', path: string, payload?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.network.token}` };
    if (payload !== undefined) headers['content-type'] = 'application/json';
    const body = payload === undefined ? null : JSON.stringify(payload);
    const { statusCode, body: answer } = await this.pool.request({ method, path, headers, body });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`simulator: ${method} ${path} answered ${statusCode}: ${text}`);
    return (text.startsWith('{') ? JSON.parse(text) : text) as T;
  }

  /** Numbers of people who will link a client; their own phones stay switched off. */
  async owners(count: number): Promise<string[]> {
    return this.people(count, 'unreachable');
  }

  /** Contacts that confirm delivery and do not read. */
  async contacts(count: number): Promise<string[]> {
    return this.people(count, 'sink');
  }

  async pair(pn: string, qr: string): Promise<void> {
    await this.call('POST', '/pair', { pn, qr });
  }

  /** Lets a contact send messages as fast as it can; answers their ids before they are sent. */
  async send(from: string, to: string, count: number): Promise<string[]> {
    const order = { to, count, textTemplate: 'Message {n}: how are you today? I hope all is well.' };
    return (await this.call<{ ids: string[] }>('POST', `/accounts/${from}/send`, order)).ids;
  }

  /** Lets people who never read send to linked clients as fast as these take it; waits until all has been confirmed. */
  async stream(from: string[], to: string[], count: number): Promise<void> {
    const { id } = await this.call<{ id: string }>('POST', '/load', { from, to, count });
    const isDelivered = async () => {
      const { delivered } = await this.call<{ delivered: number }>('GET', `/load/${id}`);
      return delivered >= count ? true : null;
    };
    await until('deliveries', isDelivered, { everyMs: 20 });
  }

  /** Milliseconds of CPU time that the network's process has used. */
  async cpuMs(): Promise<number> {
    return (await this.gauge('cpu_seconds_total')) * 1000;
  }

  /** One of the network's figures, with its labels; 0 when it was never counted. */
  async gauge(name: string): Promise<number> {
    const text = await this.call<string>('GET', '/metrics');
    const line = text.split('\n').find((candidate) => candidate.startsWith(`simulator_${name} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  /** Closes the connections of these accounts. */
  async kick(pns: string[]): Promise<void> {
    const kicks = await eachOf(pns, SIDE_BY_SIDE, (pn) =>
      this.call<{ kicked: number }>('POST', `/connections/${pn}/kick`, { how: 'closeSocket' }),
    );
    const kicked = kicks.filter((kick) => kick.kicked === 1).length;
    if (kicked !== pns.length) throw new Error(`only ${kicked} of ${pns.length} were connected`);
  }

  /** Messages that contacts have received so far. */
  async received(contacts: string[]): Promise<number> {
    const stats = await eachOf(contacts, SIDE_BY_SIDE, (pn) =>
      this.call<{ received: number }>('GET', `/messages/stats?account=${pn}`),
    );
    return stats.reduce((sum, { received }) => sum + received, 0);
  }

  private async people(count: number, behaviour: string): Promise<string[]> {
    const pns = Array.from({ length: count }, () => String(this.nextNumber++));
    await eachOf(pns, SIDE_BY_SIDE, (pn) => this.call('POST', '/accounts', { pn, behaviour }));
    return pns;
  }
}
