import type { Session } from '@app/database/entities/session.entity.js';
import type { Tenant } from '@app/database/entities/tenant.entity.js';
import type { User } from '@app/database/entities/user.entity.js';
import { Event } from '@app/database/entities/event.entity.js';
import { DatabaseModule } from '@app/database/database.module.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuthModule } from '@app/platform/auth/auth.module.js';
import { ClusterModule } from '@app/platform/cluster/cluster.module.js';
import { Config } from '@app/platform/config/config.js';
import { PlatformModule } from '@app/platform/platform.module.js';
import type { Abstract, INestApplicationContext, Provider, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { aSession, aStoredUser, aTenant } from './builders.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** A setting for tests that touches nothing outside `dataDir`; `overrides` win. */
export function testConfig(url: string, dataDir: string, overrides: Partial<Config> = {}): Config {
  return Object.assign(new Config(), {
    nodeEnv: 'test',
    databaseUrl: url,
    databasePoolSize: 10,
    dataDir,
    adminToken: 'admin-token-of-the-tests',
    encryptionKeys: `test:${randomBytes(32).toString('base64')}`,
    logLevel: 'silent',
    eventsValidate: true,
    ...overrides,
  } satisfies Partial<Config>);
}

export interface FeatureOptions {
  /** A function is called when the feature is started. */
  config?: Partial<Config> | (() => Partial<Config>);
  /** Stand-ins for what a test must control, such as `Clock`; never for services of ours. */
  providers?: { provide: Type | symbol | string; useValue: unknown }[];
}

/** Boots the modules of one feature on a database of their own, before all tests of a `describe`. */
export function useFeature(modules: Type | (Type | Provider)[], options: FeatureOptions = {}): FeatureUnderTest {
  const feature = new FeatureUnderTest([modules].flat() as Type[], options);
  beforeAll(() => feature.start());
  afterAll(() => feature.stop());
  return feature;
}

export class FeatureUnderTest {
  private context: INestApplicationContext | undefined;
  private database: TestDatabase | undefined;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'switchboard-feature-'));

  constructor(
    private readonly modules: Type[],
    private readonly options: FeatureOptions,
  ) {}

  async start(): Promise<void> {
    this.database = await createTestDatabase();
    const overrides = this.options.config;
    const config = testConfig(
      this.database.url,
      this.dataDir,
      typeof overrides === 'function' ? overrides() : overrides,
    );
    const builder = Test.createTestingModule({
      imports: [
        PlatformModule.forRoot(config),
        DatabaseModule.forRoot({ url: this.database.url, poolSize: config.databasePoolSize }),
        AuthModule,
        ClusterModule,
        ...this.modules,
      ],
    });
    for (const { provide, useValue } of this.options.providers ?? [])
      builder.overrideProvider(provide).useValue(useValue);
    const module = await builder.compile();
    this.context = module;
    await module.init();
  }

  async stop(): Promise<void> {
    await this.context?.close();
    await this.database?.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  get<T>(type: Type<T> | Abstract<T> | symbol | string): T {
    if (!this.context) throw new Error('The feature is not started yet: use it inside a test or hook.');
    return this.context.get(type, { strict: false });
  }

  /** The database of this feature, for what a test arranges or looks up behind the services. */
  get db(): DataSource {
    return this.get(DataSource);
  }

  /** The URL of that database, for a second process or module. */
  get databaseUrl(): string {
    return this.get(Config).databaseUrl ?? '';
  }

  aTenant(tenant: Partial<Tenant> = {}): Promise<Tenant> {
    return aTenant(this.db, tenant);
  }

  /** A stored owner of a tenant of its own, as an actor. */
  aUser(user: Partial<User> = {}): Promise<Actor> {
    return aStoredUser(this.db, user);
  }

  aSession(tenantId: string, session: Partial<Session> = {}): Promise<Session> {
    return aSession(this.db, tenantId, session);
  }

  /** Types of the recorded events, oldest first; of one tenant if given. */
  async events(tenantId?: string): Promise<string[]> {
    const events = await this.db.getRepository(Event).find({
      where: tenantId ? { tenantId } : {},
      order: { transactionId: 'ASC', position: 'ASC' },
    });
    return events.map(({ type }) => type);
  }
}
