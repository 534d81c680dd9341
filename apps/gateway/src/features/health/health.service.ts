import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, MigrationExecutor } from 'typeorm';
import { unavailable } from '@app/platform/errors/app-error.js';

const PATIENCE_MS = 2000;

@Injectable()
export class HealthService implements OnModuleDestroy {
  private isStopping = false;
  private isMigrated = false;

  constructor(private readonly database: DataSource) {}

  /** From here on load balancers send requests elsewhere, while those under way are finished. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** Throws `health.not-ready` unless requests can be served. */
  async assertReady(): Promise<void> {
    if (this.isStopping) throw unavailable('health.not-ready', 'The process is shutting down.');
    await this.withPatience(this.database.query('SELECT 1'), 'The database does not answer.');
    this.isMigrated ||= await this.withPatience(this.findMigrated(), 'The database does not answer.');
    if (!this.isMigrated) throw unavailable('health.not-ready', 'The database is not migrated yet.');
  }

  private async findMigrated(): Promise<boolean> {
    return (await new MigrationExecutor(this.database).getPendingMigrations()).length === 0;
  }

  private async withPatience<T>(work: Promise<T>, problem: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('timed out')), PATIENCE_MS);
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      throw unavailable('health.not-ready', problem, error);
    } finally {
      clearTimeout(timer);
    }
  }
}
