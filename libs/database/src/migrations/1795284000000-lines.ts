import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const statements = [
  `ALTER TABLE "messages" ADD "urgency" smallint NOT NULL DEFAULT '9'`,
  `DROP INDEX "messages_pending"`,
  `CREATE INDEX "messages_pending" ON "messages"  ("session_id", "urgency", "id") WHERE status = 'pending'`,
  `CREATE INDEX "messages_pending_by_chat" ON "messages"  ("session_id", "chat_id", "id") WHERE status = 'pending'`,
  `CREATE INDEX "messages_deleted" ON "messages"  ("timestamp") WHERE deleted_at IS NOT NULL AND proto IS NOT NULL`,
  `ALTER TABLE "history_syncs" ADD "wanted" jsonb`,
];

export class Lines1795284000000 extends ForwardMigration {
  readonly name = 'Lines1795284000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }
}
