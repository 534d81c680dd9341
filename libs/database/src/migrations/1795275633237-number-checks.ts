import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "number_checks" ("tenant_id" text NOT NULL, "phone" text NOT NULL, "is_on_whats_app" boolean NOT NULL, "checked_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "number_checks_pkey" PRIMARY KEY ("tenant_id", "phone"))`,
  `CREATE INDEX "number_checks_by_age" ON "number_checks"  ("checked_at")`,
];

export class NumberChecks1795275633237 extends ForwardMigration {
  readonly name = 'NumberChecks1795275633237';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
