import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "session_grants" ("session_id" text NOT NULL, "user_id" text NOT NULL, "tenant_id" text NOT NULL, "granted_by" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "session_grants_pkey" PRIMARY KEY ("session_id", "user_id"))`,
  `CREATE INDEX "session_grants_by_user" ON "session_grants"  ("tenant_id", "user_id")`,
  `ALTER TABLE "media_files" ADD "uploaded_by" text`,
];

export class SessionGrants1795307579195 extends ForwardMigration {
  readonly name = 'SessionGrants1795307579195';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
