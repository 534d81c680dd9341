import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "group_syncs" ("session_id" text NOT NULL, "tenant_id" text NOT NULL, "wa_id" text NOT NULL, "synced_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "group_syncs_pkey" PRIMARY KEY ("session_id"))`,
  `CREATE TABLE "wa_groups" ("session_id" text NOT NULL, "group_id" text NOT NULL, "tenant_id" text NOT NULL, "subject" text NOT NULL, "subject_at" TIMESTAMP WITH TIME ZONE, "subject_by_id" text, "description" text, "description_id" text, "description_at" TIMESTAMP WITH TIME ZONE, "description_by_id" text, "owner_id" text, "founded_at" TIMESTAMP WITH TIME ZONE, "addressing" text NOT NULL, "is_announcement" boolean NOT NULL, "is_locked" boolean NOT NULL, "disappearing_seconds" integer NOT NULL, "members_may_add" boolean NOT NULL, "needs_approval" boolean NOT NULL, "is_community" boolean NOT NULL, "is_announcement_group" boolean NOT NULL, "is_general_chat" boolean NOT NULL, "community_id" text, "size" integer NOT NULL, "members" jsonb NOT NULL, "own_role" text, "is_stale" boolean NOT NULL DEFAULT false, "changed_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "wa_groups_pkey" PRIMARY KEY ("session_id", "group_id"))`,
];

export class Groups1795294434520 extends ForwardMigration {
  readonly name = 'Groups1795294434520';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
