import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { eventually } from '../eventually.js';
import { freePort, ServerProcess, type ServerPlan } from './server-process.js';

/** Debian's start script refuses every user but its own; what it starts does not. */
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server';

export const hasRabbitmq = (): boolean => existsSync(PROGRAM);

/** A RabbitMQ with the user `guest`. */
export async function aRabbitmqBroker() {
  const server = await ServerProcess.create();
  const [epmdPort, distributionPort] = [await freePort(), await freePort()];
  const plan = planOf(server, epmdPort, distributionPort);
  const url = `amqp://guest:guest@127.0.0.1:${server.port}`;
  // It listens a moment before it lets anybody in.
  const start = async () => {
    await server.start(plan);
    await eventually('RabbitMQ lets us in', () =>
      connect(url).then(
        async (model) => (await model.close(), true),
        () => false,
      ),
    );
  };
  await start();
  return {
    port: server.port,
    url,
    start,
    kill: () => server.kill(),
    async stop() {
      await server.kill();
      spawnSync('epmd', ['-kill'], { env: { ...process.env, ERL_EPMD_PORT: String(epmdPort) } });
      await server.dispose();
    },
  };
}

function planOf({ directory, port }: ServerProcess, epmdPort: number, distributionPort: number): ServerPlan {
  const at = (name: string) => join(directory, name);
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'log.console = true',
    'log.console.level = error',
    'log.file = false',
  ];
  writeFileSync(at('rabbitmq.conf'), settings.join('\n'));
  writeFileSync(at('plugins'), '[].');
  return {
    command: PROGRAM,
    args: [],
    env: {
      RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: at('plugins'),
      RABBITMQ_MNESIA_BASE: at('data'),
      RABBITMQ_LOG_BASE: at('log'),
      RABBITMQ_PID_FILE: at('pid'),
      RABBITMQ_SCHEMA_DIR: at('schema'),
      RABBITMQ_GENERATED_CONFIG_DIR: at('generated'),
      RABBITMQ_NODENAME: `test${port}@localhost`,
      RABBITMQ_DIST_PORT: String(distributionPort),
      ERL_EPMD_PORT: String(epmdPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    },
  };
}
