import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@app/platform/config/config.js';
import { DataSource } from 'typeorm';
import { createApp } from '../../../apps/gateway/src/create-app.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { testConfig } from './use-feature.js';

export interface Call {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** The address that calls. */
  from?: string;
}

/** What answers of the API have in common, as far as tests look into it. */
export interface AnswerBody {
  id: string;
  name: string;
  code: string;
  detail: string;
  errors: { pointer: string; detail: string }[];
  requestId: string;
  token: string;
  user: { id: string };
  items: AnswerBody[];
  nextCursor: string | null;
  [field: string]: unknown;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  /** The JSON of the answer; empty for others. */
  body: AnswerBody;
  text: string;
}

export interface TestTenant {
  id: string;
  userId: string;
  token: string;
}

/** Boots the whole gateway in this process on a database of its own, before all tests of a `describe`. */
export function useGateway(config: Partial<Config> = {}): GatewayUnderTest {
  const gateway = new GatewayUnderTest(config);
  beforeAll(() => gateway.start());
  afterAll(() => gateway.stop());
  return gateway;
}

export class GatewayUnderTest {
  readonly adminToken = `swa_${randomBytes(24).toString('hex')}`;
  app: NestFastifyApplication;
  /** `METHOD /path/:parameter` of every route of the server. */
  readonly routes: string[] = [];
  private database: TestDatabase;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'switchboard-gateway-'));

  constructor(private readonly config: Partial<Config>) {}

  async start(): Promise<void> {
    this.database = await createTestDatabase();
    const config = testConfig(this.database.url, this.dataDir, { adminToken: this.adminToken, ...this.config });
    this.app = await createApp(config);
    const fastify = this.app.getHttpAdapter().getInstance();
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) if (name !== 'HEAD') this.routes.push(`${name} ${url}`);
    });
    await this.app.init();
    await fastify.ready();
  }

  async stop(): Promise<void> {
    await this.app?.close();
    await this.database?.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  get<T>(type: Type<T>): T {
    return this.app.get(type, { strict: false });
  }

  get db(): DataSource {
    return this.get(DataSource);
  }

  /** `call('POST /v1/tokens', { token, body })`; a text body is sent as it is. */
  async call(route: string, { token, body, headers = {}, from }: Call = {}): Promise<Answer> {
    const [method = 'GET', url = '/'] = route.split(' ');
    const response = await this.app.inject({
      method: method as 'GET',
      url,
      remoteAddress: from,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const isJson = /json/.test(String(response.headers['content-type']));
    const read = isJson ? response.json<AnswerBody>() : ({} as AnswerBody);
    return { status: response.statusCode, headers: response.headers, body: read, text: response.body };
  }

  admin(route: string, body?: unknown): Promise<Answer> {
    return this.call(route, { token: this.adminToken, body });
  }

  /** A tenant made through the API, with the token of its owner. */
  async aTenant(name = 'Acme'): Promise<TestTenant> {
    const { body } = await this.admin('POST /v1/admin/tenants', { name });
    return { id: body.id, userId: body.user.id, token: body.token };
  }
}
