import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [`ALTER TABLE "wa_contacts" ADD "is_blocked" boolean`];

export class ContactBlocks1795294797623 extends ForwardMigration {
  readonly name = 'ContactBlocks1795294797623';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
