import { MigrationExecutor, type DataSource } from 'typeorm';

/** Any number, the same for all: whoever holds it migrates, the others wait. */
const MIGRATION_LOCK = 0x5357_4231;

/** Applies what is missing and returns the names. Processes that start at the same moment take turns. */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'each';
      return (await executor.executePendingMigrations()).map(({ name }) => name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}

/** The statements that lead from the database as it is to the entities; empty when they agree. */
export async function pendingStatements(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

/** The text of a migration that brings a migrated database up to the entities, or null when nothing changed. */
export async function renderMigration(dataSource: DataSource, name: string, at: Date): Promise<string | null> {
  const statements = await pendingStatements(dataSource);
  if (statements.length === 0) return null;
  const title = name.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase());
  const lines = statements.map((statement) => `  \`${statement.trim().replace(/[`\\$]/g, '\\$&')}\`,`);
  return `import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
${lines.join('\n')}
];

export class ${title}${at.getTime()} extends ForwardMigration {
  readonly name = '${title}${at.getTime()}';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
`;
}
