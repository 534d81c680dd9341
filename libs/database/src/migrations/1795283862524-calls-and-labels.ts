import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "calls" ("session_id" text NOT NULL, "call_id" text NOT NULL, "tenant_id" text NOT NULL, "caller_id" text NOT NULL, "group_id" text, "is_video" boolean NOT NULL, "state" text NOT NULL, "started_at" TIMESTAMP WITH TIME ZONE NOT NULL, "ended_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "calls_pkey" PRIMARY KEY ("session_id", "call_id"))`,
  `CREATE TABLE "label_assignments" ("session_id" text NOT NULL, "label_id" text NOT NULL, "chat_id" text NOT NULL, "message_id" text NOT NULL, "tenant_id" text NOT NULL, "is_assigned" boolean NOT NULL, "changed_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "label_assignments_pkey" PRIMARY KEY ("session_id", "label_id", "chat_id", "message_id"))`,
  `CREATE TABLE "labels" ("session_id" text NOT NULL, "label_id" text NOT NULL, "tenant_id" text NOT NULL, "name" text NOT NULL, "color" integer NOT NULL, "is_deleted" boolean NOT NULL, "changed_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "labels_pkey" PRIMARY KEY ("session_id", "label_id"))`,
];

export class CallsAndLabels1795283862524 extends ForwardMigration {
  readonly name = 'CallsAndLabels1795283862524';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
