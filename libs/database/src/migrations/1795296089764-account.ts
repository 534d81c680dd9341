import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `ALTER TABLE "calls" ADD "caller_device" text`,
  `ALTER TABLE "calls" ADD "rejection" text`,
  `ALTER TABLE "calls" ADD "rejection_text" text`,
  `ALTER TABLE "sessions" ADD "proxy_url" text`,
  `ALTER TABLE "sessions" ADD "sealed_proxy" bytea`,
  `CREATE INDEX "calls_to_reject" ON "calls"  ("session_id") WHERE rejection = 'due'`,
  `CREATE INDEX "calls_by_time" ON "calls"  ("session_id", "started_at", "call_id")`,
];

export class Account1795296089764 extends ForwardMigration {
  readonly name = 'Account1795296089764';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
