import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [`ALTER TABLE "messages" ADD "is_quiet" boolean NOT NULL DEFAULT false`];

export class QuietMessages1795281500000 extends ForwardMigration {
  readonly name = 'QuietMessages1795281500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
