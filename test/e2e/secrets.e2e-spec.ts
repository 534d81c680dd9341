import { ok } from '@app/client/client.js';
import { Client } from 'pg';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';

/** Base64 texts that are long enough to be keys, wherever they stand in a JSON value. */
function keysIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[A-Za-z0-9+/]{42,}={0,2}$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(keysIn);
}

interface Login {
  noiseKey: { private: unknown };
  signedIdentityKey: { private: unknown };
  signedPreKey: { keyPair: { private: unknown } };
}

describe('secrets at rest', () => {
  const stack = useStack();

  it('leaves no key, token or webhook secret readable in a dump of the database', async () => {
    const tenant = await stack.gateway.aTenant();
    const { secret } = await ok(tenant.client.POST('/v1/webhooks', { body: { url: 'http://127.0.0.1:9/hook' } }));
    const { token } = await ok(tenant.client.POST('/v1/tokens', { body: { name: 'second' } }));
    const session = await tenant.aPairedSession(stack.aPhone());
    const echo = await stack.simulator.aContact('echo');
    await session.send(echo.pn, 'hello', { wait: true });
    await eventually('the echo came', async () => (await tenant.events('message.received')).length === 1);

    const database = new Client(stack.gateway.database.url);
    await database.connect();
    const secrets = await sealedKeys(database, session.id);
    const dump = await dumpOf(database);
    await database.end();

    expect(secrets.length).toBeGreaterThan(800); // the login, the ratchets and 812 pre-keys
    expect(dump).toContain(session.id);
    const plain = [secret, secret.replace('whsec_', ''), token, ...secrets];
    const found = plain.filter((text) => spellings(text).some((spelling) => dump.includes(spelling)));
    expect(found).toEqual([]);
  });

  /** Private keys of the login and of every Signal row, opened with the key ring. */
  async function sealedKeys(database: Client, sessionId: string): Promise<string[]> {
    const ring = new KeyRing(stack.gateway.encryptionKeys);
    const open = (sealed: Buffer, context: string): unknown => JSON.parse(ring.open(sealed, context).toString());
    const credentials = await database.query<{ sealed: Buffer }>('SELECT sealed FROM session_credentials');
    const login = open(credentials.rows[0]!.sealed, `credentials:${sessionId}`) as Login;
    const keys = await database.query<{ type: string; id: string; sealed: Buffer }>('SELECT * FROM signal_keys');
    const rows = keys.rows.filter(({ type }) => type === 'session' || type === 'pre-key');
    const opened = rows.map(({ type, id, sealed }) => open(sealed, `signal-key:${sessionId}:${type}:${id}`));
    const pairs = [login.noiseKey, login.signedIdentityKey, login.signedPreKey.keyPair];
    return [...pairs.map((pair) => pair.private), ...opened].flatMap(keysIn);
  }

  /** Every row of every table as text. */
  async function dumpOf(database: Client): Promise<string> {
    const tables = await database.query<{ name: string }>(
      "SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema IN ('public', 'bullmq') AND table_type = 'BASE TABLE'",
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      texts.push(...rows.rows.map(({ row }) => row));
    }
    return texts.join('\n');
  }

  function spellings(secret: string): string[] {
    const bytes = Buffer.from(secret, 'base64');
    return [secret, bytes.toString('hex'), bytes.toString('base64url')];
  }
});
