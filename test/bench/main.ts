import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFigures } from './figures/all.js';
import type { Bench, Figure } from './figures/figure.js';
import { type Options, readOptions } from './options.js';
import { machine, notes, type Outcome, outcomeOf, table } from './report.js';
import { Database } from './run/database.js';
import { Gateway } from './run/gateway.js';
import { Receiver } from './run/receiver.js';
import { Simulator } from './run/simulator.js';
import { killWorkers } from './run/worker.js';

const RESULTS = '.data/bench-results.json';
/** What the processes said, kept for whoever looks into a failure. */
const LOGS = '.data/bench-logs';
const say = (text: string) => process.stdout.write(`${text}\n`);

async function run(options: Options, folder: string): Promise<Figure[]> {
  const database = await Database.start(join(folder, 'database'));
  stopLast(() => database.stop());
  const simulator = await Simulator.start();
  const receiver = await Receiver.start();
  const gateway = new Gateway({ folder, logs: LOGS, databaseUrl: database.url, simulator });
  const bench: Bench = { options, logs: LOGS, simulator, database, gateway, receiver };
  const figures = await runFigures(bench, (text) =>
    say(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}`),
  );
  await gateway.stop();
  await receiver.stop();
  await simulator.stop();
  return figures;
}

let stopDatabase: () => Promise<void> = () => Promise.resolve();
const stopLast = (stop: () => Promise<void>) => (stopDatabase = stop);

/** Ends everything that was started, whatever state it is in. */
async function cleanUp(folder: string): Promise<void> {
  killWorkers();
  await stopDatabase().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}

function report(outcomes: Outcome[], options: Options, startedAt: number): void {
  const facts = machine();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(`\n${table(outcomes)}\n`);
  for (const note of notes(outcomes)) say(`  ${note}`);
  say(`\n${facts.cores} cores, Node ${facts.node}, ${seconds} s. Details: ${RESULTS}`);
  const { sizes, only } = options;
  const results = { at: new Date().toISOString(), machine: facts, seconds, only, sizes, outcomes };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

async function main(): Promise<number> {
  const startedAt = performance.now();
  const options = readOptions(process.argv.slice(2));
  mkdirSync(LOGS, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const end = (code: number) => void cleanUp(folder).finally(() => process.exit(code));
  process.once('SIGINT', () => end(130)).once('SIGTERM', () => end(143));
  process.once('uncaughtException', (error) => {
    say(error.stack ?? error.message);
    end(1);
  });
  const deadline = setTimeout(() => {
    say(`not done after ${options.deadlineMs / 1000} s`);
    end(1);
  }, options.deadlineMs);
  try {
    const figures = await run(options, folder);
    report(figures.map(outcomeOf), options, startedAt);
    return 0;
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  } finally {
    clearTimeout(deadline);
    await cleanUp(folder);
  }
}

process.exit(await main());
