import type { Pool, PoolClient } from 'pg';
import { type DataSource, EntityManager } from 'typeorm';

/** A statement that each connection parses and plans once; for large statements that takes longer than to run them. */
export interface Prepared {
  name: string;
  text: string;
}

/** Runs a prepared statement inside a transaction, or on its own when given the data source. */
export async function runPrepared<Row extends object>(
  on: EntityManager | DataSource,
  { name, text }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  const runner = on instanceof EntityManager ? on.queryRunner : undefined;
  const client = runner ? ((await runner.connect()) as PoolClient) : poolOf(on);
  const { rows } = await client.query<Row>({ name, text, values });
  return rows;
}

const poolOf = (on: EntityManager | DataSource): Pool => {
  const dataSource = on instanceof EntityManager ? on.connection : on;
  return (dataSource.driver as unknown as { master: Pool }).master;
};
