import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `ALTER TABLE "file_downloads" ADD "card" smallint NOT NULL DEFAULT '-1'`,
  `ALTER TABLE "file_downloads" DROP CONSTRAINT "file_downloads_pkey"`,
  `ALTER TABLE "file_downloads" ADD CONSTRAINT "file_downloads_pkey" PRIMARY KEY ("message_id", "card")`,
];

export class FilesOfCards1795282367021 extends ForwardMigration {
  readonly name = 'FilesOfCards1795282367021';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
