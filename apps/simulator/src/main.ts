import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { createSimulator } from './create-simulator.js';
import { Clock } from './world/clock.js';
import { worldNamed } from './worlds/built-in.js';

interface Environment {
  port: number;
  mediaPort: number;
  dataDir: string | undefined;
  host: string | undefined;
  publicHost: string | undefined;
  token: string | undefined;
  seed: string | undefined;
  clock: Clock | undefined;
  world: string;
  stopsWithParent: boolean;
}

function readEnvironment(): Environment {
  // eslint-disable-next-line no-restricted-syntax -- the simulator shares no configuration with the gateway
  const env = process.env;
  return {
    port: portOf('SIMULATOR_PORT', env.SIMULATOR_PORT ?? '7900'),
    mediaPort: portOf('SIMULATOR_MEDIA_PORT', env.SIMULATOR_MEDIA_PORT ?? '0'),
    dataDir: env.SIMULATOR_DATA_DIR,
    host: env.SIMULATOR_HOST,
    publicHost: env.SIMULATOR_PUBLIC_HOST,
    token: env.SIMULATOR_TOKEN,
    seed: env.SIMULATOR_SEED,
    clock: env.SIMULATOR_CLOCK ? clockAt(env.SIMULATOR_CLOCK) : undefined,
    world: env.SIMULATOR_WORLD ?? '',
    stopsWithParent: env.SIMULATOR_STOP_WITH_PARENT === '1',
  };
}

function clockAt(iso: string): Clock {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) throw new Error('SIMULATOR_CLOCK must be a moment like 2026-01-31T12:00:00Z');
  return new Clock(moment);
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} must be a port number`);
  return port;
}

// libsignal prints whole sessions, keys included, to the console; stdout carries exactly one line for the parent.
globalThis.console = new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));

const { stopsWithParent, world, ...options } = readEnvironment();
const logger = pino({ level: 'warn' }, process.stderr);
// A last resort: nothing a client or a caller does may lead here.
const die = (error: unknown): void => {
  logger.fatal({ err: error }, 'the simulator cannot go on');
  process.exit(1);
};
process.on('uncaughtException', die).on('unhandledRejection', die);
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

const { url, socketUrl, rootKey, token, mediaHost, caFile } = simulator;
process.stdout.write(`${JSON.stringify({ event: 'listening', url, socketUrl, rootKey, token, mediaHost, caFile })}\n`);
