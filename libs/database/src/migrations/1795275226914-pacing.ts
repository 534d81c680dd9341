import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "account_limits" ("session_id" text NOT NULL, "tenant_id" text NOT NULL, "restricted_until" TIMESTAMP WITH TIME ZONE, "restriction" text, "new_chats_total" integer, "new_chats_used" integer, "new_chats_reset_at" TIMESTAMP WITH TIME ZONE, "is_capped" boolean NOT NULL DEFAULT false, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "account_limits_pkey" PRIMARY KEY ("session_id"))`,
  `CREATE TABLE "begun_chats" ("session_id" text NOT NULL, "chat_id" text NOT NULL, "begun_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "begun_chats_pkey" PRIMARY KEY ("session_id", "chat_id"))`,
  `CREATE TABLE "message_placeholders" ("session_id" text NOT NULL, "message_id" text NOT NULL, "tenant_id" text NOT NULL, "chat_id" text NOT NULL, "sender_id" text NOT NULL, "key" jsonb NOT NULL, "reason" text NOT NULL, "requests" integer NOT NULL DEFAULT '0', "next_at" TIMESTAMP WITH TIME ZONE NOT NULL, "resolved_at" TIMESTAMP WITH TIME ZONE, "timestamp" TIMESTAMP WITH TIME ZONE NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "message_placeholders_pkey" PRIMARY KEY ("session_id", "message_id"))`,
  `CREATE INDEX "message_placeholders_by_age" ON "message_placeholders"  ("created_at")`,
  `CREATE INDEX "message_placeholders_due" ON "message_placeholders"  ("next_at") WHERE resolved_at IS NULL`,
  `CREATE TABLE "message_usage" ("tenant_id" text NOT NULL, "day" date NOT NULL, "count" integer NOT NULL, CONSTRAINT "message_usage_pkey" PRIMARY KEY ("tenant_id", "day"))`,
  `ALTER TABLE "messages" ADD "priority" smallint`,
  `ALTER TABLE "messages" ADD "typing_seconds" smallint`,
  `ALTER TABLE "messages" ADD "not_before" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "messages" ADD "wait_reason" text`,
  `ALTER TABLE "sessions" ADD "settings" jsonb NOT NULL DEFAULT '{}'`,
  `ALTER TABLE "tenants" ADD "messages_per_day" integer`,
  `ALTER TABLE "tenants" ADD "messages_per_month" integer`,
];

export class Pacing1795275226914 extends ForwardMigration {
  readonly name = 'Pacing1795275226914';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
