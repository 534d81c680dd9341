import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "event_log_starts" ("tenant_id" text NOT NULL, "transaction_id" bigint NOT NULL, "position" bigint NOT NULL, CONSTRAINT "event_log_starts_pkey" PRIMARY KEY ("tenant_id"))`,
  `ALTER TABLE "events" ADD "traits" text array NOT NULL DEFAULT '{}'`,
];

export class EventFeed1795283960680 extends ForwardMigration {
  readonly name = 'EventFeed1795283960680';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
