import { createTestDatabase, type TestDatabase } from '@app/testing/database.js';
import { Client } from 'pg';
import { createDataSource } from './data-source.js';
import { migrate, pendingStatements } from './migrate.js';

describe('migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await createTestDatabase()));
  afterEach(() => database.drop());

  it('lead to exactly the tables that the entities describe', async () => {
    const dataSource = await createDataSource({ url: database.url, poolSize: 2 }).initialize();
    await expect(pendingStatements(dataSource)).resolves.toEqual([]);
    await dataSource.destroy();
  });

  it('are applied once by processes that start at the same moment', async () => {
    const client = new Client(database.url);
    await client.connect();
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const sources = await Promise.all(
      [1, 2, 3].map(() => createDataSource({ url: database.url, poolSize: 1 }).initialize()),
    );
    const applied = await Promise.all(sources.map((source) => migrate(source)));
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    expect(applied.flat()).toEqual(rows.map(({ name }) => name));
    await Promise.all([client.end(), ...sources.map((source) => source.destroy())]);
  });
});
