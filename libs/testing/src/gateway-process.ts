import { type EventPageDto, type MessageDto, ok, type SessionDto, type SwitchboardClient } from '@app/client/client.js';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from './api-client.js';
import { Child } from './child.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import type { SimulatorProcess } from './simulator-process.js';

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
  readonly admin: ApiClient;
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
    this.admin = new ApiClient(() => this.url, this.adminToken, '');
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

  client(token: string | null): ApiClient {
    return new ApiClient(() => this.url, token, '');
  }

  async aTenant(name = 'Acme'): Promise<GatewayTenant> {
    const { id, token } = await ok(this.admin.client.POST('/v1/admin/tenants', { body: { name } }));
    return new GatewayTenant(this, id, this.client(token));
  }
}

/** A tenant at work. */
export class GatewayTenant {
  constructor(
    readonly gateway: GatewayProcess,
    readonly id: string,
    readonly api: ApiClient,
  ) {}

  /** The API as users of the gateway call it: `ok(tenant.client.GET('/v1/me'))`. */
  get client(): SwitchboardClient {
    return this.api.client;
  }

  async aSession(name = 'Sales'): Promise<GatewaySession> {
    const { id } = await ok(this.client.POST('/v1/sessions', { body: { name } }));
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
      const query = { limit: 200, types: types ? types.split(',') : undefined, after: after ?? undefined };
      const page: EventPageDto = await ok(this.client.GET('/v1/events', { params: { query } }));
      events.push(...(page.items as EventBody[]));
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

  get path(): `/v1/sessions/${string}` {
    return `/v1/sessions/${this.id}`;
  }

  get client(): SwitchboardClient {
    return this.tenant.client;
  }

  /** The API below the path of the session: `session.api.ok('GET /chats')`. */
  get api() {
    return this.tenant.api.under(this.path);
  }

  /** Parameters of a call about this session, with what else its path and query need. */
  at<P extends object = object, Q = undefined>(path?: P, query?: Q) {
    return { params: { path: { sessionId: this.id, ...path } as { sessionId: string } & P, query: query as Q } };
  }

  get(): Promise<SessionDto> {
    return ok(this.client.GET('/v1/sessions/{sessionId}', this.at()));
  }

  async start(): Promise<void> {
    await ok(this.client.POST('/v1/sessions/{sessionId}/start', this.at()));
  }

  async becomes(status: SessionDto['status']): Promise<SessionDto> {
    return eventually(`${this.id} is ${status}`, async () => {
      const session = await this.get();
      return session.status === status && session;
    });
  }

  /** The QR text on offer. */
  async qr(): Promise<string> {
    return eventually('a QR code is on offer', async () => {
      const { data } = await this.client.GET('/v1/sessions/{sessionId}/qr', this.at());
      return typeof data === 'object' && data.qr;
    });
  }

  /** Starts the session and lets the simulated phone scan its QR code. */
  async pair(phone: string): Promise<void> {
    await this.start();
    await this.tenant.gateway.simulator.api.ok('POST /pair', { pn: phone, qr: await this.qr() });
    await this.becomes('connected');
  }

  send(to: string, text: string, options: { wait?: boolean; idempotencyKey?: string } = {}): Promise<MessageDto> {
    const { params } = this.at({}, { wait: options.wait ? ('server_ack' as const) : undefined });
    const header = { 'Idempotency-Key': options.idempotencyKey };
    const body = { to, type: 'text' as const, text };
    return ok(this.client.POST('/v1/sessions/{sessionId}/messages', { params: { ...params, header }, body }));
  }
}
