import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `ALTER TABLE "group_syncs" ADD "forgotten_ids" text array NOT NULL DEFAULT '{}'`,
  `ALTER TABLE "wa_groups" ADD "told_ahead" jsonb`,
];

export class GroupFindings1795308033179 extends ForwardMigration {
  readonly name = 'GroupFindings1795308033179';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
