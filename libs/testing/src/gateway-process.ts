import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { HttpClient } from './http-client.js';
import type { SimulatorProcess } from './simulator-process.js';

export interface SessionBody {
  id: string;
  status: string;
  reason: string | null;
  me: { waId: string; phone: string; lid: string | null; name: string | null } | null;
}

export interface EventBody {
  id: string;
  type: string;
  tenantId: string;
  sessionId: string | null;
  sequence: number;
  data: Record<string, unknown> & { message?: Record<string, unknown> };
}

/** The built gateway in a process of its own, on a database of its own, talking to a simulator. */
export class GatewayProcess {
  readonly adminToken: string;
  readonly admin: HttpClient;
  /** The key ring that the process seals with. */
  readonly encryptionKeys: string;
  private readonly children: Child[] = [];
  private url = '';
  readonly dataDir = mkdtempSync(join(tmpdir(), 'switchboard-e2e-'));

  private constructor(
    readonly simulator: SimulatorProcess,
    readonly database: TestDatabase,
    private readonly env: Record<string, string>,
    sibling?: GatewayProcess,
  ) {
    this.adminToken = sibling?.adminToken ?? `admin-${randomBytes(16).toString('hex')}`;
    this.encryptionKeys = sibling?.encryptionKeys ?? `test:${randomBytes(32).toString('base64')}`;
    this.admin = new HttpClient(() => this.url, this.adminToken);
  }

  static async start(simulator: SimulatorProcess, env: Record<string, string> = {}): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(simulator, await createTestDatabase(), env);
    await gateway.start();
    return gateway;
  }

  /** One more process of the same gateway, on the same database; to be killed before this one is disposed of. */
  async another(env: Record<string, string>): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(this.simulator, this.database, env, this);
    await gateway.start();
    return gateway;
  }

  /** Starts it (again) on the same data. */
  async start(): Promise<void> {
    const child = new Child('dist/apps/gateway/src/main.js', {
      PORT: '0',
      DATABASE_URL: this.database.url,
      DATA_DIR: this.dataDir,
      ADMIN_TOKEN: this.adminToken,
      ENCRYPTION_KEYS: this.encryptionKeys,
      OUTBOUND_ALLOW: '127.0.0.0/8,::1',
      RATE_LIMIT_PER_MINUTE: '0',
      EVENTS_VALIDATE: 'true',
      ...this.simulator.gatewayEnv,
      ...this.env,
    });
    this.children.push(child);
    const [, url] = await child.printed(/Listening on (http:\/\/\S+)/);
    this.url = url ?? '';
  }

  /** What it printed, over all its lives. */
  get log(): string {
    return this.children.flatMap(({ lines }) => ['--- start', ...lines]).join('\n');
  }

  private get child(): Child | undefined {
    return this.children.at(-1);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    await this.child?.kill();
  }

  /** SIGTERM; answers the exit code. */
  async stop(): Promise<number | null> {
    return (await this.child?.stop()) ?? null;
  }

  async dispose(): Promise<void> {
    await this.child?.kill();
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  client(token: string | null): HttpClient {
    return new HttpClient(() => this.url, token);
  }

  async aTenant(name = 'Acme'): Promise<GatewayTenant> {
    const { id, token } = await this.admin.ok<{ id: string; token: string }>('POST /v1/admin/tenants', { name });
    return new GatewayTenant(this, id, this.client(token));
  }
}

/** A tenant at work. */
export class GatewayTenant {
  constructor(
    readonly gateway: GatewayProcess,
    readonly id: string,
    readonly api: HttpClient,
  ) {}

  async aSession(name = 'Sales'): Promise<GatewaySession> {
    const { id } = await this.api.ok<{ id: string }>('POST /v1/sessions', { name });
    return new GatewaySession(this, id);
  }

  /** A session linked to the account with this phone number and ready to send. */
  async aPairedSession(phone: string): Promise<GatewaySession> {
    const session = await this.aSession();
    await session.pair(phone);
    return session;
  }

  /** The whole event log, oldest first. */
  async events(types = '', from: string | null = null): Promise<EventBody[]> {
    const events: EventBody[] = [];
    for (let after = from; ;) {
      const query: string = `limit=200${types && `&types=${types}`}${after ? `&after=${encodeURIComponent(after)}` : ''}`;
      const page = await this.api.ok<{ items: EventBody[]; nextCursor: string | null }>(`GET /v1/events?${query}`);
      events.push(...page.items);
      if (!page.items.length || !page.nextCursor) return events;
      after = page.nextCursor;
    }
  }
}

/** A session of a tenant. */
export class GatewaySession {
  constructor(
    readonly tenant: GatewayTenant,
    readonly id: string,
  ) {}

  get path(): string {
    return `/v1/sessions/${this.id}`;
  }

  get(): Promise<SessionBody> {
    return this.tenant.api.ok<SessionBody>(`GET ${this.path}`);
  }

  async start(): Promise<void> {
    await this.tenant.api.ok(`POST ${this.path}/start`);
  }

  async becomes(status: string, timeoutMs?: number): Promise<SessionBody> {
    return eventually(
      `${this.id} is ${status}`,
      async () => {
        const session = await this.get();
        return session.status === status && session;
      },
      timeoutMs,
    );
  }

  /** The QR text on offer. */
  async qr(): Promise<string> {
    const { qr } = await eventually('a QR code is on offer', async () => {
      const answer = await this.tenant.api.call<{ qr: string }>(`GET ${this.path}/qr`);
      return answer.status === 200 && answer.body;
    });
    return qr;
  }

  /** Starts the session and lets the simulated phone scan its QR code. */
  async pair(phone: string): Promise<void> {
    await this.start();
    await this.tenant.gateway.simulator.api.ok('POST /pair', { pn: phone, qr: await this.qr() });
    await this.becomes('connected');
  }

  send<T = { id: string; messageId: string; chatId: string; status: string }>(
    to: string,
    text: string,
    options: { wait?: boolean; idempotencyKey?: string } = {},
  ): Promise<T> {
    const headers = options.idempotencyKey ? { 'idempotency-key': options.idempotencyKey } : undefined;
    const route = `POST ${this.path}/messages${options.wait ? '?wait=server_ack' : ''}`;
    return this.tenant.api.ok<T>(route, { to, type: 'text', text }, headers);
  }
}
