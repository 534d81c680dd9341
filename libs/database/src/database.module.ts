import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions, type DatabaseOptions } from './data-source.js';
import { migrate } from './migrate.js';

/** The one connection pool, on a database that is brought up to date before anything uses it. */
@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(options), toRetry: isNotUpYet }),
          dataSourceFactory: (factoryOptions) => connect(factoryOptions),
        }),
      ],
    };
  }
}

async function connect(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (!options) throw new Error('The database options are missing.');
  const dataSource = await new DataSource(options).initialize();
  try {
    await migrate(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Worth another try: nothing listens yet, or the server starts up. Wrong passwords and broken migrations are not. */
function isNotUpYet(error: unknown): boolean {
  const { code } = error as { code?: string };
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'ETIMEDOUT', '57P03'].includes(code ?? '');
}
