import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from './config.js';
import { provideSecrets } from './generated-secrets.js';

const key = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const messageOf = (env: NodeJS.ProcessEnv): string => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({ port: 3000, roles: ['api', 'sessions', 'jobs'], outboundAllow: [] });
    expect(loadConfig({}).databaseUrl).toBeUndefined();
  });

  it('reads numbers, lists and versions', () => {
    const config = loadConfig({
      PORT: '0',
      ROLES: 'api, jobs',
      OUTBOUND_ALLOW: '127.0.0.0/8,::1,hooks.example.com',
      WA_VERSION: '2.3000.1027934701',
      ENCRYPTION_KEYS: key,
    });
    expect(config).toMatchObject({
      port: 0,
      roles: ['api', 'jobs'],
      outboundAllow: ['127.0.0.0/8', '::1', 'hooks.example.com'],
      waVersion: [2, 3000, 1027934701],
      encryptionKeys: key,
    });
  });

  it('counts an empty variable as unset', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 3000 });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535, not "abc"'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536"'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV must be one of development, test, production, not "prod"'],
    [{ ROLES: 'api,web' }, 'ROLES must be a comma list of api, sessions, jobs, not "api,web"'],
    [
      { OUTBOUND_ALLOW: '10.0.0.0/64' },
      'OUTBOUND_ALLOW must be a comma list of CIDRs, IP addresses and host names, not "10.0.0.0/64"',
    ],
    [{ WA_VERSION: '2.x' }, 'WA_VERSION must be a version such as 2.3000.1027934701, not "2.x"'],
    [{ WA_TLS_CA: '/nowhere.pem' }, 'WA_TLS_CA must be a PEM file that exists, not "/nowhere.pem"'],
  ])('explains %j in one line', (env, message) => {
    expect(messageOf(env)).toBe(message);
  });

  it('never repeats a secret in its message', () => {
    expect(messageOf({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).toBe(
      'DATABASE_URL must be a URL that starts with postgres:// or postgresql://',
    );
    expect(messageOf({ ENCRYPTION_KEYS: 'k1:hunter2' })).not.toContain('hunter2');
  });

  it('refuses a root key of its own together with the production network', () => {
    const WA_ROOT_KEY = 'ab'.repeat(32);
    expect(messageOf({ WA_ROOT_KEY })).toMatch(/^WA_ROOT_KEY must be unset/);
    expect(messageOf({ WA_ROOT_KEY, WA_SOCKET_URL: 'wss://WEB.whatsapp.com:443/ws/chat/' })).toMatch(/^WA_ROOT_KEY/);
    expect(messageOf({ WA_ROOT_KEY, WA_SOCKET_URL: 'ws://127.0.0.1:7900/ws/chat' })).toBe('accepted');
  });

  it('does not start in production with missing or short secrets', () => {
    const production = { NODE_ENV: 'production', ENCRYPTION_KEYS: key };
    expect(messageOf(production)).toMatch(/^ADMIN_TOKEN must be set to at least 24 characters/);
    expect(messageOf({ ...production, ADMIN_TOKEN: 'short' })).toMatch(/^ADMIN_TOKEN must be set/);
    expect(messageOf({ NODE_ENV: 'production', ADMIN_TOKEN: 'a'.repeat(24) })).toMatch(/^ENCRYPTION_KEYS must be set/);
    expect(messageOf({ ...production, ADMIN_TOKEN: 'a'.repeat(24) })).toBe('accepted');
  });
});

describe('provideSecrets', () => {
  it('makes secrets once, for the owner alone, and finds them again', () => {
    const DATA_DIR = join(mkdtempSync(join(tmpdir(), 'config-')), 'data');
    const first = loadConfig({ DATA_DIR });
    expect(provideSecrets(first)).toEqual({ isAdminTokenNew: true });
    expect(statSync(join(DATA_DIR, 'admin-token')).mode & 0o777).toBe(0o600);
    expect(statSync(join(DATA_DIR, 'encryption-keys')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(DATA_DIR, 'admin-token'), 'utf8').trim()).toBe(first.adminToken);

    const second = loadConfig({ DATA_DIR });
    expect(provideSecrets(second)).toEqual({ isAdminTokenNew: false });
    expect(second.adminToken).toBe(first.adminToken);
    expect(second.encryptionKeys).toBe(first.encryptionKeys);
  });

  it('leaves what was set alone', () => {
    const config = loadConfig({ ADMIN_TOKEN: 'mine', ENCRYPTION_KEYS: key, DATA_DIR: '/nowhere/at/all' });
    expect(provideSecrets(config)).toEqual({ isAdminTokenNew: false });
    expect(config.adminToken).toBe('mine');
  });
});
