import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "newsletter_syncs" ("session_id" text NOT NULL, "tenant_id" text NOT NULL, "account_id" text NOT NULL, "synced_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "newsletter_syncs_pkey" PRIMARY KEY ("session_id"))`,
  `CREATE TABLE "wa_newsletters" ("session_id" text NOT NULL, "newsletter_id" text NOT NULL, "tenant_id" text NOT NULL, "name" text, "description" text, "invite_code" text, "subscribers" integer, "is_verified" boolean, "state" text, "role" text NOT NULL DEFAULT 'guest', "is_muted" boolean, "reactions" text, "picture_url" text, "founded_at" TIMESTAMP WITH TIME ZONE, "wants_live" boolean NOT NULL DEFAULT false, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "wa_newsletters_pkey" PRIMARY KEY ("session_id", "newsletter_id"))`,
  `CREATE INDEX "wa_newsletters_live" ON "wa_newsletters"  ("session_id") WHERE wants_live`,
];

export class Newsletters1795294446413 extends ForwardMigration {
  readonly name = 'Newsletters1795294446413';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
