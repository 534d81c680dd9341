import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "message_answers" ("message_id" text NOT NULL, "kind" text NOT NULL, "person_id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "value" jsonb, "at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "message_answers_pkey" PRIMARY KEY ("message_id", "kind", "person_id"))`,
  `CREATE TABLE "message_edits" ("message_id" text NOT NULL, "edit_id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "text" text, "content" jsonb, "replaced_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "message_edits_pkey" PRIMARY KEY ("message_id", "edit_id"))`,
  `CREATE TABLE "message_receipts" ("message_id" text NOT NULL, "recipient_id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "delivered_at" TIMESTAMP WITH TIME ZONE, "read_at" TIMESTAMP WITH TIME ZONE, "played_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "message_receipts_pkey" PRIMARY KEY ("message_id", "recipient_id"))`,
  `CREATE TABLE "waiting_actions" ("session_id" text NOT NULL, "target_message_id" text NOT NULL, "message_id" text NOT NULL, "tenant_id" text NOT NULL, "waits_for" text NOT NULL, "action" jsonb NOT NULL, "proto" bytea, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "waiting_actions_pkey" PRIMARY KEY ("session_id", "target_message_id", "message_id"))`,
  `CREATE INDEX "waiting_actions_by_age" ON "waiting_actions"  ("created_at")`,
  `CREATE INDEX "waiting_actions_by_session" ON "waiting_actions"  ("session_id") WHERE waits_for = 'address'`,
  `ALTER TABLE "messages" ADD "author_address" text`,
  `ALTER TABLE "messages" ADD "edited_at" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "messages" ADD "revoked_at" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "messages" ADD "deleted_at" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "messages" ADD "starred_at" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "messages" ADD "pinned_until" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "messages" ADD "kept_at" TIMESTAMP WITH TIME ZONE`,
  `CREATE INDEX "messages_starred" ON "messages"  ("session_id", "id") WHERE starred_at IS NOT NULL`,
  // The session is one of the words, so that nobody's search has to look through the messages of others.
  `CREATE INDEX "messages_words" ON "messages" USING gin ((array_to_tsvector(ARRAY["session_id"]) || to_tsvector('simple', "text"))) WHERE text IS NOT NULL AND target_id IS NULL`,
];

export class MessageActions1795277000000 extends ForwardMigration {
  readonly name = 'MessageActions1795277000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
