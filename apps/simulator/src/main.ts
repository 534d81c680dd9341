import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { createSimulator } from './create-simulator.js';
import { worldNamed } from './worlds/built-in.js';

interface Environment {
  port: number;
  host: string | undefined;
  token: string | undefined;
  seed: string | undefined;
  world: string;
  stopsWithParent: boolean;
}

function readEnvironment(): Environment {
  // eslint-disable-next-line no-restricted-syntax -- the simulator shares no configuration with the gateway
  const env = process.env;
  const port = Number(env.SIMULATOR_PORT ?? 7900);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('SIMULATOR_PORT must be a port number');
  return {
    port,
    host: env.SIMULATOR_HOST,
    token: env.SIMULATOR_TOKEN,
    seed: env.SIMULATOR_SEED,
    world: env.SIMULATOR_WORLD ?? '',
    stopsWithParent: env.SIMULATOR_STOP_WITH_PARENT === '1',
  };
}

// libsignal prints whole sessions, keys included, to the console; stdout carries exactly one line for the parent.
globalThis.console = new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));

const { stopsWithParent, world, ...options } = readEnvironment();
const logger = pino({ level: 'warn' }, process.stderr);
const simulator = await createSimulator({ ...options, world: worldNamed(world), logger });

const stop = (): void => {
  void simulator.close().then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
if (stopsWithParent) {
  process.once('disconnect', stop);
  process.stdin.once('end', stop).once('error', stop).resume();
}

const { url, socketUrl, rootKey, token } = simulator;
process.stdout.write(`${JSON.stringify({ event: 'listening', url, socketUrl, rootKey, token, caFile: null })}\n`);
