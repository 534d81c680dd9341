import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Pool } from 'undici';
import { distPath } from './paths.js';
import type { Simulator } from './simulator.js';
import { eachOf, until } from './until.js';
import { Worker } from './worker.js';

export interface GatewaySession {
  id: string;
  pn: string;
  token: string;
}

export interface GatewayOptions {
  folder: string;
  /** Folder for what it says. */
  logs: string;
  databaseUrl: string;
  simulator: Simulator;
}

interface Answer {
  status: number;
  body: { id: string; token: string; messageId: string; status: string; qr: string; code: string };
}

const TENANTS = 2;
const PAIRINGS_SIDE_BY_SIDE = 4;
const POLL_MS = 50;

/** The built gateway in a process of its own, and its API. */
export class Gateway {
  readonly sessions: GatewaySession[] = [];
  private readonly tokens: string[] = [];
  private readonly adminToken = `swa_${randomBytes(24).toString('hex')}`;
  private worker: Worker;
  private pool: Pool;

  constructor(private readonly options: GatewayOptions) {}

  private get isStarted(): boolean {
    return (this.worker as Worker | undefined) !== undefined;
  }

  /** With the same data as before when it ran already. */
  async start(connections: number): Promise<void> {
    const { folder, logs, databaseUrl, simulator } = this.options;
    const port = await freePort();
    this.worker = new Worker({
      name: 'gateway',
      args: [
        ...['--expose-gc', '--max-semi-space-size=64'], // as `npm start` does
        ...['--import', distPath('test/bench/run/probe.js'), distPath('apps/gateway/src/main.js')],
      ],
      logFile: join(logs, 'gateway.log'),
      env: {
        PORT: String(port),
        DATA_DIR: join(folder, 'gateway'),
        DATABASE_URL: databaseUrl,
        ADMIN_TOKEN: this.adminToken,
        LOG_LEVEL: 'error',
        RATE_LIMIT_PER_MINUTE: '0',
        OUTBOUND_ALLOW: '127.0.0.0/8',
        WA_SOCKET_URL: simulator.network.socketUrl,
        WA_ROOT_KEY: simulator.network.rootKey,
      },
    });
    this.pool = new Pool(`http://127.0.0.1:${port}`, { connections });
    await until('the gateway', () => this.isReady(), { everyMs: 50 });
    while (this.tokens.length < TENANTS) {
      const { body } = await this.call(this.adminToken, 'POST', '/v1/admin/tenants', { name: 'Bench' });
      this.tokens.push(body.token);
    }
  }

  async stop(): Promise<void> {
    if (!this.isStarted) return;
    await this.pool.destroy();
    await this.worker.stop();
  }

  order<T>(command: string, argument: unknown = null): Promise<T> {
    return this.worker.call<T>(command, argument);
  }

  async call(token: string, method: 'GET' | 'POST' | 'PATCH', path: string, payload?: unknown): Promise<Answer> {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (payload !== undefined) headers['content-type'] = 'application/json';
    const body = payload === undefined ? null : JSON.stringify(payload);
    const { statusCode, body: answer } = await this.pool.request({ method, path, headers, body });
    const text = await answer.text();
    if (statusCode >= 500 && statusCode !== 503) throw new Error(`${method} ${path} answered ${statusCode}: ${text}`);
    return { status: statusCode, body: JSON.parse(text) as Answer['body'] };
  }

  /** Links one new session for each account, over all tenants alike. */
  async pair(pns: string[]): Promise<GatewaySession[]> {
    const linked = await eachOf(pns, PAIRINGS_SIDE_BY_SIDE, (pn, index) =>
      this.link(pn, this.tokens[index % TENANTS] ?? ''),
    );
    this.sessions.push(...linked);
    return linked;
  }

  /** A webhook for incoming messages in every tenant; false when this build has no webhooks. */
  async addWebhooks(url: string): Promise<boolean> {
    for (const token of this.tokens) {
      const { status } = await this.call(token, 'POST', '/v1/webhooks', { url, types: ['message.received'] });
      if (status === 404) return false;
      if (status !== 201) throw new Error(`a webhook was refused with ${status}`);
    }
    return true;
  }

  /** A tenant of its own. */
  async aTenant(): Promise<{ id: string; token: string }> {
    const { body } = await this.call(this.adminToken, 'POST', '/v1/admin/tenants', { name: 'Bench' });
    return body;
  }

  async addWebhook(token: string, url: string): Promise<void> {
    const { status } = await this.call(token, 'POST', '/v1/webhooks', { url });
    if (status !== 201) throw new Error(`a webhook was refused with ${status}`);
  }

  /** Accepts a message; answers WhatsApp's id of it. */
  async send({ id, token }: GatewaySession, to: string, text: string): Promise<string> {
    const path = `/v1/sessions/${id}/messages`;
    const { status, body } = await this.call(token, 'POST', path, { to, type: 'text', text });
    if (status !== 202) throw new Error(`a message was answered with ${status}: ${body.code}`);
    return body.messageId;
  }

  async untilConnected(sessions: GatewaySession[]): Promise<void> {
    await eachOf(sessions, PAIRINGS_SIDE_BY_SIDE, ({ id, token }) =>
      until(
        'a connected session',
        async () => {
          const { body } = await this.call(token, 'GET', `/v1/sessions/${id}`);
          return body.status === 'connected' ? true : null;
        },
        { everyMs: POLL_MS },
      ),
    );
  }

  private async link(pn: string, token: string): Promise<GatewaySession> {
    const { body } = await this.call(token, 'POST', '/v1/sessions', { name: pn });
    const session = { id: body.id, pn, token };
    await this.call(token, 'POST', `/v1/sessions/${body.id}/start`);
    const qr = await until(
      'a QR code',
      async () => {
        const answer = await this.call(token, 'GET', `/v1/sessions/${body.id}/qr`);
        return answer.status === 200 ? answer.body.qr : null;
      },
      { everyMs: POLL_MS },
    );
    await this.options.simulator.pair(pn, qr);
    await this.untilConnected([session]);
    return session;
  }

  private async isReady(): Promise<true | null> {
    if (!this.worker.isRunning) throw this.worker.ended();
    const answer = await this.pool.request({ method: 'GET', path: '/health/ready' }).catch(() => null);
    await answer?.body.dump();
    return answer?.statusCode === 200 ? true : null;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
