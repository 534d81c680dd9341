import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "chats" ("session_id" text NOT NULL, "chat_id" text NOT NULL, "tenant_id" text NOT NULL, "kind" text NOT NULL, "name" text, "last_message_id" text, "last_message_at" TIMESTAMP WITH TIME ZONE, "unread_count" integer NOT NULL DEFAULT '0', "is_marked_unread" boolean NOT NULL DEFAULT false, "is_archived" boolean NOT NULL DEFAULT false, "pinned_at" TIMESTAMP WITH TIME ZONE, "is_muted" boolean NOT NULL DEFAULT false, "muted_until" TIMESTAMP WITH TIME ZONE, "disappearing_seconds" integer NOT NULL DEFAULT '0', "is_read_only" boolean NOT NULL DEFAULT false, "is_locked" boolean NOT NULL DEFAULT false, "has_media" boolean NOT NULL DEFAULT false, "cleared_at" TIMESTAMP WITH TIME ZONE, "deleted_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "chats_pkey" PRIMARY KEY ("session_id", "chat_id"))`,
  `CREATE TABLE "history_syncs" ("id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "kind" text NOT NULL, "state" text NOT NULL, "chat_id" text, "request_id" text, "progress" integer NOT NULL DEFAULT '0', "chats" integer NOT NULL DEFAULT '0', "messages" integer NOT NULL DEFAULT '0', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "history_syncs_pkey" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "history_syncs_by_request" ON "history_syncs"  ("session_id", "request_id") WHERE request_id IS NOT NULL`,
  `CREATE INDEX "history_syncs_by_session" ON "history_syncs"  ("session_id", "id")`,
  `CREATE TABLE "wa_contacts" ("session_id" text NOT NULL, "contact_id" text NOT NULL, "tenant_id" text NOT NULL, "name" text, "push_name" text, "verified_name" text, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "wa_contacts_pkey" PRIMARY KEY ("session_id", "contact_id"))`,
  `ALTER TABLE "messages" ADD "origin" text NOT NULL DEFAULT 'live'`,
  `ALTER TABLE "sessions" ADD "sync_full_history" boolean`,
];

export class Chats1795274654255 extends ForwardMigration {
  readonly name = 'Chats1795274654255';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
