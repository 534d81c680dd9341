import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createPostgresBackend, runMigrations, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';
import { Pool } from 'pg';
import { Config } from '../config/config.js';

const SCHEMA = 'bullmq';
/** Each worker keeps one connection to listen on for good; a pool without room beyond that would hang. */
const MOST_CONNECTIONS = 24;

/** Where queues live: in Redis when REDIS_URL is set, else in the database, on one pool for all queues and workers. */
@Injectable()
export class JobConnection implements OnApplicationShutdown {
  private constructor(
    /** For `BullModule`. */
    readonly options: ConnectionOptions,
    private readonly pool: Pool | null,
  ) {}

  static async open({ redisUrl, databaseUrl }: Config): Promise<JobConnection> {
    setDefaultBackendFactory(redisUrl ? undefined : createPostgresBackend);
    if (redisUrl) return new JobConnection({ url: redisUrl, maxRetriesPerRequest: null }, null);
    const pool = new Pool({
      connectionString: databaseUrl,
      max: MOST_CONNECTIONS,
      keepAlive: true,
      application_name: 'switchboard jobs',
      options: `-c search_path=${SCHEMA}`,
    });
    // Connections that break while idle; the next query opens another.
    pool.on('error', (error) => new Logger(JobConnection.name).warn(`a connection was lost: ${error.message}`));
    const client = await pool.connect();
    try {
      await runMigrations(client, SCHEMA);
    } finally {
      client.release();
    }
    return new JobConnection(pool, pool);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.end();
  }
}
