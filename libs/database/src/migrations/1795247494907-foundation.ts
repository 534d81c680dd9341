import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `CREATE TABLE "api_tokens" ("id" text NOT NULL, "tenant_id" text NOT NULL, "user_id" text NOT NULL, "name" text NOT NULL, "hash" bytea NOT NULL, "hint" text NOT NULL, "scopes" text array NOT NULL, "expires_at" TIMESTAMP WITH TIME ZONE, "last_used_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "api_tokens_by_user" ON "api_tokens"  ("tenant_id", "user_id")`,
  `CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"  ("hash")`,
  `CREATE TABLE "audit_entries" ("id" text NOT NULL, "tenant_id" text, "actor" text NOT NULL, "action" text NOT NULL, "target" text, "request_id" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "audit_entries_by_tenant" ON "audit_entries"  ("tenant_id", "id")`,
  `CREATE TABLE "delivery_lanes" ("id" BIGSERIAL NOT NULL, "tenant_id" text NOT NULL, "destination_id" text NOT NULL, "session_id" text NOT NULL, "due_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "claimed_until" TIMESTAMP WITH TIME ZONE, "claimed_by" text, CONSTRAINT "delivery_lanes_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "delivery_lanes_by_claim" ON "delivery_lanes"  ("claimed_by") WHERE claimed_by IS NOT NULL`,
  `CREATE UNIQUE INDEX "delivery_lanes_key" ON "delivery_lanes"  ("destination_id", "session_id")`,
  `CREATE TABLE "deliveries" ("id" BIGSERIAL NOT NULL, "tenant_id" text NOT NULL, "lane_id" bigint NOT NULL, "destination_id" text NOT NULL, "event_id" text NOT NULL, "status" text NOT NULL DEFAULT 'pending', "attempts" integer NOT NULL DEFAULT '0', "response_status" integer, "last_error" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "finished_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "deliveries_by_age" ON "deliveries"  ("created_at")`,
  `CREATE INDEX "deliveries_by_event" ON "deliveries"  ("event_id")`,
  `CREATE INDEX "deliveries_by_destination" ON "deliveries"  ("destination_id", "id")`,
  `CREATE INDEX "deliveries_dead" ON "deliveries"  ("destination_id", "id") WHERE status = 'dead'`,
  `CREATE INDEX "deliveries_pending" ON "deliveries"  ("lane_id", "id") WHERE status = 'pending'`,
  `CREATE TABLE "destinations" ("id" text NOT NULL, "tenant_id" text NOT NULL, "kind" text NOT NULL, "url" text NOT NULL, "types" text array NOT NULL DEFAULT '{}', "session_ids" text array NOT NULL DEFAULT '{}', "is_enabled" boolean NOT NULL DEFAULT true, "failing_since" TIMESTAMP WITH TIME ZONE, "sealed_secret" bytea NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "destinations_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "destinations_by_tenant" ON "destinations"  ("tenant_id", "id")`,
  `CREATE TABLE "event_sequences" ("session_id" text NOT NULL, "last" bigint NOT NULL, "transaction_id" bigint NOT NULL, CONSTRAINT "event_sequences_pkey" PRIMARY KEY ("session_id"))`,
  `CREATE TABLE "events" ("id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text, "sequence" bigint, "type" text NOT NULL, "data" jsonb NOT NULL, "timestamp" TIMESTAMP WITH TIME ZONE NOT NULL, "transaction_id" bigint NOT NULL, "position" BIGSERIAL NOT NULL, CONSTRAINT "events_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "events_by_age" ON "events"  ("timestamp")`,
  `CREATE INDEX "events_by_tenant" ON "events"  ("tenant_id", "transaction_id", "position")`,
  `CREATE UNIQUE INDEX "events_sequence_key" ON "events"  ("session_id", "sequence") WHERE session_id IS NOT NULL`,
  `CREATE TABLE "inbound_journal" ("session_id" text NOT NULL, "key" text NOT NULL, "tenant_id" text NOT NULL, "message_id" text NOT NULL, "position" BIGSERIAL NOT NULL, "sealed" bytea NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "processed_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "inbound_journal_pkey" PRIMARY KEY ("session_id", "key"))`,
  `CREATE INDEX "inbound_journal_by_age" ON "inbound_journal"  ("created_at")`,
  `CREATE INDEX "inbound_journal_unprocessed" ON "inbound_journal"  ("session_id", "position") WHERE processed_at IS NULL`,
  `CREATE TABLE "messages" ("id" text NOT NULL, "tenant_id" text NOT NULL, "session_id" text NOT NULL, "chat_id" text NOT NULL, "message_id" text NOT NULL, "sender_id" text NOT NULL, "from_me" boolean NOT NULL, "type" text NOT NULL, "text" text, "status" text NOT NULL, "error_code" text, "timeline" jsonb NOT NULL DEFAULT '[]', "proto" bytea, "idempotency_key" text, "request_hash" bytea, "timestamp" TIMESTAMP WITH TIME ZONE NOT NULL, "sent_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "messages_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "messages_unacknowledged" ON "messages"  ("sent_at") WHERE status = 'sent'`,
  `CREATE INDEX "messages_pending" ON "messages"  ("session_id", "id") WHERE status = 'pending'`,
  `CREATE UNIQUE INDEX "messages_idempotency_key" ON "messages"  ("session_id", "idempotency_key") WHERE idempotency_key IS NOT NULL`,
  `CREATE INDEX "messages_by_chat" ON "messages"  ("session_id", "chat_id", "id")`,
  `CREATE INDEX "messages_by_session" ON "messages"  ("session_id", "id")`,
  `CREATE UNIQUE INDEX "messages_wa_key" ON "messages"  ("session_id", "message_id", "chat_id", "sender_id")`,
  `CREATE TABLE "session_credentials" ("session_id" text NOT NULL, "tenant_id" text NOT NULL, "sealed" bytea NOT NULL, CONSTRAINT "session_credentials_pkey" PRIMARY KEY ("session_id"))`,
  `CREATE TABLE "session_leases" ("session_id" text NOT NULL, "owner" text, "epoch" bigint NOT NULL, "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "session_leases_pkey" PRIMARY KEY ("session_id"))`,
  `CREATE INDEX "session_leases_by_expiry" ON "session_leases"  ("expires_at")`,
  `CREATE TABLE "sessions" ("id" text NOT NULL, "tenant_id" text NOT NULL, "name" text NOT NULL, "desired_state" text NOT NULL DEFAULT 'stopped', "status" text NOT NULL DEFAULT 'stopped', "reason" text, "wa_id" text, "phone" text, "lid" text, "push_name" text, "qr" text, "qr_expires_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "deleted_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "sessions_desired" ON "sessions"  ("desired_state") WHERE deleted_at IS NULL`,
  `CREATE INDEX "sessions_by_tenant" ON "sessions"  ("tenant_id", "id")`,
  `CREATE TABLE "signal_keys" ("session_id" text NOT NULL, "type" text NOT NULL, "id" text NOT NULL, "tenant_id" text NOT NULL, "sealed" bytea NOT NULL, CONSTRAINT "signal_keys_pkey" PRIMARY KEY ("session_id", "type", "id"))`,
  `CREATE TABLE "tenants" ("id" text NOT NULL, "name" text NOT NULL, "status" text NOT NULL DEFAULT 'active', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "tenants_pkey" PRIMARY KEY ("id"))`,
  `CREATE TABLE "users" ("id" text NOT NULL, "tenant_id" text NOT NULL, "name" text NOT NULL, "role" text NOT NULL DEFAULT 'owner', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "users_pkey" PRIMARY KEY ("id"))`,
  `CREATE INDEX "users_by_tenant" ON "users"  ("tenant_id", "id")`,
  `CREATE TABLE "wa_identities" ("session_id" text NOT NULL, "lid" text NOT NULL, "tenant_id" text NOT NULL, "phone" text NOT NULL, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "wa_identities_pkey" PRIMARY KEY ("session_id", "lid"))`,
  `CREATE INDEX "wa_identities_by_phone" ON "wa_identities"  ("session_id", "phone")`,
];

export class Foundation1795247494907 extends ForwardMigration {
  readonly name = 'Foundation1795247494907';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
