import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "file_downloads" ("message_id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "path" text, "attempts" integer NOT NULL DEFAULT '0', "due_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "owner" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "file_downloads_pkey" PRIMARY KEY ("message_id"))`,
  `CREATE INDEX "file_downloads_by_due" ON "file_downloads"  ("due_at")`,
  `CREATE TABLE "file_uploads" ("session_id" text NOT NULL, "sha256" text NOT NULL, "kind" text NOT NULL, "tenant_id" text NOT NULL, "url" text NOT NULL, "direct_path" text NOT NULL, "media_key" bytea, "file_enc_sha256" bytea, "uploaded_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "file_uploads_pkey" PRIMARY KEY ("session_id", "sha256", "kind"))`,
  `CREATE INDEX "file_uploads_by_age" ON "file_uploads"  ("uploaded_at")`,
  `ALTER TABLE "messages" ADD "awaits_files" boolean NOT NULL DEFAULT false`,
  `CREATE INDEX "messages_awaiting_files" ON "messages"  ("session_id", "chat_id", "id") WHERE awaits_files AND status = 'pending'`,
];

export class MessageFiles1795275485050 extends ForwardMigration {
  readonly name = 'MessageFiles1795275485050';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
