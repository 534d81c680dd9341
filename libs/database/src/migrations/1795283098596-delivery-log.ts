import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "replays" ("id" text NOT NULL, "tenant_id" text NOT NULL, "source" jsonb NOT NULL, "destination_id" text, "remove_after" boolean NOT NULL DEFAULT false, "total" integer NOT NULL, "queued" integer NOT NULL DEFAULT '0', "position" jsonb, "is_cancelled" boolean NOT NULL DEFAULT false, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "finished_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "replays_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "replays_unfinished" ON "replays"  ("id") WHERE finished_at IS NULL`,
  `CREATE INDEX "replays_by_tenant" ON "replays"  ("tenant_id", "id")`,
  `ALTER TABLE "deliveries" ADD "type" text NOT NULL DEFAULT ''`,
  `UPDATE "deliveries" SET "type" = e."type" FROM "events" e WHERE e."id" = "event_id"`,
  `ALTER TABLE "deliveries" ADD "replays" integer NOT NULL DEFAULT '0'`,
  `ALTER TABLE "deliveries" ADD "last_replay_at" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "tenants" ADD "event_days" integer`,
  `ALTER TABLE "tenants" ADD "delivery_days" integer`,
  `ALTER TABLE "tenants" ADD "dead_letter_days" integer`,
  `ALTER TABLE "deliveries" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp()`,
  `CREATE INDEX "deliveries_replays" ON "deliveries"  ("replay_of") WHERE replay_of IS NOT NULL`,
];

export class DeliveryLog1795283098596 extends ForwardMigration {
  readonly name = 'DeliveryLog1795283098596';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
