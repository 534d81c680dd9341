import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config/config.js';
import { newId } from '../ids/id.js';

/** Namespace of the advisory locks that say which processes live. */
const LOCK_SPACE = 0x5357;
const RECONNECT_MS = 500;

/** The locks of all living processes; for queries that look at many owners. */
export const LIVING_PROCESSES = `SELECT objid AS lock FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND classid = ${LOCK_SPACE}::oid
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** SQL for the lock of the process named by `column`. */
export const processLockOf = (column: string): string => `(hashtext(${column})::bigint & 4294967295)::oid`;

/** SQL that is true while the process named by `column` is alive, that is, while its presence connection is open. */
export const isAliveSql = (column: string): string => `${processLockOf(column)} IN (${LIVING_PROCESSES})`;

/**
 * This process as the others see it: an id, and one connection that holds an advisory lock for as long as the process
 * lives. PostgreSQL frees the lock the moment the process is gone, kill -9 included, so what it owned can be taken over
 * at once instead of after a time-out. The same connection listens for notifications.
 */
@Injectable()
export class ProcessPresence implements OnApplicationShutdown {
  readonly id = newId('process');
  private readonly logger = new Logger(ProcessPresence.name);
  private readonly handlers = new Map<string, ((payload: string) => void)[]>();
  private client: pg.Client | null = null;
  private isClosed = false;

  constructor(private readonly config: Config) {}

  /** Opens the connection; must be called before anything is owned in the name of `id`. Idempotent. */
  async announce(): Promise<void> {
    if (this.client || this.isClosed) return;
    const client = new pg.Client({ connectionString: this.config.databaseUrl, application_name: this.id });
    this.client = client;
    client.on('notification', ({ channel, payload }) => {
      for (const handler of this.handlers.get(channel) ?? []) handler(payload ?? '');
    });
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => this.reconnect(client));
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock($1::int, hashtext($2))', [LOCK_SPACE, this.id]);
      for (const channel of this.handlers.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      this.client = null;
      throw error;
    }
  }

  /** Calls `handler` for every NOTIFY on `channel`, and once after a reconnect, when some may have been missed. */
  async listen(channel: string, handler: (payload: string) => void): Promise<void> {
    const known = this.handlers.get(channel);
    this.handlers.set(channel, [...(known ?? []), handler]);
    if (!known) await this.client?.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    await this.client?.end();
  }

  private reconnect(lost: pg.Client): void {
    if (this.client !== lost) return;
    this.client = null;
    if (this.isClosed) return;
    setTimeout(() => void this.announceAgain(), RECONNECT_MS).unref();
  }

  private async announceAgain(): Promise<void> {
    try {
      await this.announce();
      for (const handler of [...this.handlers.values()].flat()) handler('');
    } catch {
      this.logger.warn('the presence connection is down, trying again');
      if (!this.isClosed) setTimeout(() => void this.announceAgain(), RECONNECT_MS).unref();
    }
  }
}
