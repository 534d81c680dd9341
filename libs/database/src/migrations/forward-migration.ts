import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Migrations go forward only: what went wrong is put right by the next one. */
export abstract class ForwardMigration implements MigrationInterface {
  abstract readonly name: string;
  abstract up(runner: QueryRunner): Promise<void>;

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
