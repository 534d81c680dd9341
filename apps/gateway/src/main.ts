// Must stay first: see the file.
import '@app/whatsapp/runtime/async-local-storage-shim.js';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@app/database/embedded-postgres.js';
import { loadConfig, readEnvironment, type Config } from '@app/platform/config/config.js';
import { provideSecrets } from '@app/platform/config/generated-secrets.js';
import { JsonLogger } from '@app/platform/logging/json-logger.js';
import { createApp } from './create-app.js';
import { asStartProblem, explainStartFailure, say, unlessQuick } from './start-up.js';

const logger = new Logger('Gateway');

interface Running {
  config: Config;
  stop: () => Promise<void>;
}

async function start(config: Config): Promise<Running> {
  Logger.overrideLogger(new JsonLogger(config));
  const { isAdminTokenNew } = provideSecrets(config);
  let postgres: EmbeddedPostgres | undefined;
  if (!config.databaseUrl) {
    postgres = await startEmbeddedPostgres(config.dataDir, say).catch(asStartProblem);
    config.databaseUrl = postgres.url;
  }
  try {
    const app = await unlessQuick(createApp(config), 'Waiting for the database …');
    await app.listen(config.port, config.host);
    logger.log(`Listening on ${await app.getUrl()} (${config.roles.join(', ')})`);
    if (isAdminTokenNew)
      say(`Admin token, shown this once and kept in ${config.dataDir}/admin-token: ${config.adminToken}`);
    const stop = async () => {
      await app.close();
      await postgres?.stop();
    };
    return { config, stop };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

/** Finishes what is under way, within a limit; a second signal ends at once. */
function stopOnSignal({ config, stop }: Running): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.log(`${signal}: shutting down`);
    setTimeout(() => {
      logger.error(`Not down after ${config.shutdownTimeoutMs} ms; ending anyway`);
      process.exit(1);
    }, config.shutdownTimeoutMs);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('The shutdown failed', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

// One tenant's forgotten promise must not take the others down.
process.on('unhandledRejection', (error) => logger.error('Unhandled rejection', error));

try {
  stopOnSignal(await start(loadConfig(readEnvironment())));
} catch (error) {
  explainStartFailure(error);
  process.exit(1);
}
