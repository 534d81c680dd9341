import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "tenant_storages" ("id" text NOT NULL, "tenant_id" text NOT NULL, "is_current" boolean NOT NULL DEFAULT true, "bucket" text NOT NULL, "region" text NOT NULL, "endpoint" text, "prefix" text NOT NULL DEFAULT '', "is_path_style" boolean NOT NULL DEFAULT false, "public_url" text, "retention_days" integer, "access_key" text NOT NULL, "sealed_secret_key" bytea NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "tenant_storages_pkey" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "tenant_storages_current" ON "tenant_storages"  ("tenant_id") WHERE is_current`,
];

export class TenantStorages1795295103352 extends ForwardMigration {
  readonly name = 'TenantStorages1795295103352';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
