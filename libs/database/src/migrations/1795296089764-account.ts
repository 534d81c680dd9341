import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "session_grants" ("session_id" text NOT NULL, "user_id" text NOT NULL, "tenant_id" text NOT NULL, "role" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "session_grants_pkey" PRIMARY KEY ("session_id", "user_id"))`,
  `ALTER TABLE "calls" ADD "caller_device" text`,
  `ALTER TABLE "calls" ADD "rejection" text`,
  `ALTER TABLE "calls" ADD "rejection_text" text`,
  `ALTER TABLE "sessions" ADD "proxy_url" text`,
  `ALTER TABLE "sessions" ADD "sealed_proxy" bytea`,
  `ALTER TABLE "sessions" ADD "is_private" boolean NOT NULL DEFAULT false`,
  `CREATE INDEX "calls_to_reject" ON "calls"  ("session_id") WHERE rejection = 'due'`,
  `CREATE INDEX "calls_by_time" ON "calls"  ("session_id", "started_at", "call_id")`,
];

export class Account1795296089764 extends ForwardMigration {
  readonly name = 'Account1795296089764';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
