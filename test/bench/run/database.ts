import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../libs/database/src/embedded-postgres.js';

/** Statistics reach pg_stat_database up to a second after the transaction. */
export const STATISTICS_DELAY_MS = 1_300;

/** The gateway's database: an embedded server with its default settings. Looked at, never written to. */
export class Database {
  /** Transactions of this class, which the counts leave out. */
  private own = 0;

  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly client: Client,
  ) {}

  static async start(folder: string): Promise<Database> {
    const server = await startEmbeddedPostgres(folder);
    const client = new Client(server.url);
    await client.connect();
    return new Database(server, client);
  }

  get url(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.server.stop();
  }

  /** Own messages newer than the one given, by status. */
  async statuses(newerThan: string): Promise<Record<string, number>> {
    const sql = 'SELECT status, count(*)::int AS count FROM messages WHERE from_me AND id > $1 GROUP BY status';
    const rows = await this.query<{ status: string; count: number }>(sql, [newerThan]);
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async lastMessage(): Promise<string> {
    const [row] = await this.query<{ id: string | null }>('SELECT max(id) AS id FROM messages', []);
    return row?.id ?? '';
  }

  /** How many sessions have reported a connection since that position of the event log. */
  async connectedSince(position: string): Promise<number> {
    const sql = `SELECT count(DISTINCT session_id)::int AS count FROM events
      WHERE position > $1 AND type = 'session.status' AND data ->> 'status' = 'connected'`;
    const [row] = await this.query<{ count: number }>(sql, [position]);
    return row?.count ?? 0;
  }

  async position(): Promise<string> {
    const [row] = await this.query<{ position: string | null }>('SELECT max(position) AS position FROM events', []);
    return row?.position ?? '0';
  }

  /** Transactions committed by others so far. */
  async commits(): Promise<number> {
    const sql = 'SELECT xact_commit::int AS commits FROM pg_stat_database WHERE datname = current_database()';
    const [row] = await this.query<{ commits: number }>(sql, []);
    return (row?.commits ?? 0) - this.own;
  }

  private async query<Row extends object>(sql: string, values: unknown[]): Promise<Row[]> {
    this.own++;
    return (await this.client.query<Row>(sql, values)).rows;
  }
}
