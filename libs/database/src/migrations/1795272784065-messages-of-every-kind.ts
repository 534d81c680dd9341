import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "session_commands" ("id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "name" text NOT NULL, "input" jsonb, "state" text NOT NULL DEFAULT 'waiting', "answer" jsonb, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "session_commands_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "session_commands_by_age" ON "session_commands"  ("expires_at")`,
  `ALTER TABLE "messages" ADD "content" jsonb`,
  `ALTER TABLE "messages" ADD "context" jsonb`,
  `ALTER TABLE "messages" ADD "target_id" text`,
  `CREATE INDEX "messages_by_target" ON "messages"  ("target_id") WHERE target_id IS NOT NULL`,
];

export class MessagesOfEveryKind1795272784065 extends ForwardMigration {
  readonly name = 'MessagesOfEveryKind1795272784065';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
