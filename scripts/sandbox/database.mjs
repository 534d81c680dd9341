import pg from 'pg';

const MARK = 'switchboard_sandbox';

/**
 * Sessions of the real network would be unlinked by the simulator, which does not know them. So a database with linked
 * sessions is used only if an earlier sandbox left its mark there.
 */
export async function assertUnlinked(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const ask = async (sql) => (await client.query(sql)).rows[0].answer;
    if (await ask(`SELECT to_regnamespace('${MARK}') IS NOT NULL AS answer`)) return;
    const isUsed = await ask(`SELECT to_regclass('session_credentials') IS NOT NULL AS answer`);
    if (isUsed && (await ask('SELECT EXISTS (SELECT FROM session_credentials) AS answer'))) {
      const { ConfigError } = await import('../../dist/libs/platform/src/config/config.js');
      throw new ConfigError(
        'DATABASE_URL holds sessions that are linked on another network; give the sandbox its own.',
      );
    }
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${MARK}`);
  } finally {
    await client.end();
  }
}
