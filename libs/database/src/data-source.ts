import { DataSource, type DataSourceOptions } from 'typeorm';
import { entities } from './entities.js';
import { migrations } from './migrations.js';
import { SnakeCaseNaming } from './naming-strategy.js';

export interface DatabaseOptions {
  url: string;
  poolSize: number;
}

/** How every process, command and test connects. */
export const dataSourceOptions = ({ url, poolSize }: DatabaseOptions) =>
  ({
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'switchboard',
    entities,
    migrations,
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    logging: false,
    // gen_random_uuid() is built in; extensions would need a superuser.
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    // A failover that swallows packets must end in an error: everything that is written waits behind a lost statement.
    extra: {
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 10_000,
      query_timeout: 60_000,
    },
  }) satisfies DataSourceOptions;

/** A data source for commands; the gateway gets its own through `DatabaseModule`. */
export const createDataSource = (options: DatabaseOptions): DataSource => new DataSource(dataSourceOptions(options));
