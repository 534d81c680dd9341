import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `ALTER TABLE "destinations" RENAME COLUMN "sealed_secret" TO "sealed_secrets"`,
  `ALTER TABLE "deliveries" ADD "latency_ms" integer`,
  `ALTER TABLE "deliveries" ADD "response_excerpt" text`,
  `ALTER TABLE "deliveries" ADD "failures" jsonb NOT NULL DEFAULT '[]'`,
  `ALTER TABLE "deliveries" ADD "replay_of" bigint`,
  `ALTER TABLE "destinations" ADD "settings" jsonb NOT NULL DEFAULT '{}'`,
  `ALTER TABLE "destinations" ADD "only" text array NOT NULL DEFAULT '{}'`,
  `ALTER TABLE "destinations" ADD "skips" text array NOT NULL DEFAULT '{}'`,
  `ALTER TABLE "destinations" ADD "failures" integer NOT NULL DEFAULT '0'`,
  `ALTER TABLE "destinations" ADD "paused_until" TIMESTAMP WITH TIME ZONE`,
  `ALTER TABLE "destinations" ALTER COLUMN "tenant_id" DROP NOT NULL`,
];

export class DestinationsOfAllKinds1795281496722 extends ForwardMigration {
  readonly name = 'DestinationsOfAllKinds1795281496722';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
