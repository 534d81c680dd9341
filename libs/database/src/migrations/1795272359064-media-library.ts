import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "media_files" ("id" text NOT NULL, "tenant_id" text NOT NULL, "status" text NOT NULL, "origin" text NOT NULL, "sha256" text NOT NULL, "mime_type" text NOT NULL, "size_bytes" bigint NOT NULL, "file_name" text, "storage_key" text NOT NULL, "owner" text, "source_sha256" text NOT NULL, "variant" text NOT NULL DEFAULT '', "width" integer, "height" integer, "seconds" real, "is_animated" boolean, "page_count" integer, "waveform" bytea, "thumbnail" bytea, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "last_used_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "media_files_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "media_files_unfinished" ON "media_files"  ("id") WHERE status <> 'ready'`,
  `CREATE INDEX "media_files_by_expiry" ON "media_files"  ("expires_at") WHERE status = 'ready'`,
  `CREATE INDEX "media_files_by_key" ON "media_files"  ("storage_key")`,
  `CREATE INDEX "media_files_by_content" ON "media_files"  ("tenant_id", "sha256")`,
  `CREATE INDEX "media_files_by_source" ON "media_files"  ("tenant_id", "source_sha256", "variant")`,
  `CREATE INDEX "media_files_by_tenant" ON "media_files"  ("tenant_id", "id")`,
];

export class MediaLibrary1795272359064 extends ForwardMigration {
  readonly name = 'MediaLibrary1795272359064';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
