import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFigures } from './figures/all.js';
import type { Bench, Figure } from './figures/figure.js';
import { type Options, readOptions } from './options.js';
import { machine, notes, outcomeOf, table } from './report.js';
import { Database } from './run/database.js';
import { Gateway } from './run/gateway.js';
import { Receiver } from './run/receiver.js';
import { Simulator } from './run/simulator.js';
import { killWorkers } from './run/worker.js';

const RESULTS = '.data/bench-results.json';
/** What the processes said, kept for whoever looks into a failure. */
const LOGS = '.data/bench-logs';
/** Since this process began. */
const seconds = () => Math.round(performance.now() / 1000);
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Adds each figure to the list as soon as it is measured. */
async function run(options: Options, folder: string, figures: Figure[]): Promise<void> {
  const database = await Database.start(join(folder, 'database'));
  stopLast(() => database.stop());
  const simulator = await Simulator.start();
  const receiver = await Receiver.start();
  const gateway = new Gateway({ folder, logs: LOGS, databaseUrl: database.url, simulator });
  const bench: Bench = { options, logs: LOGS, simulator, database, gateway, receiver };
  const progress = (text: string) => say(`${seconds().toString().padStart(4)} s  ${text}`);
  for await (const figure of runFigures(bench, progress)) figures.push(figure);
  await gateway.stop();
  await receiver.stop();
  await simulator.stop();
}

let stopDatabase: () => Promise<void> = () => Promise.resolve();
const stopLast = (stop: () => Promise<void>) => (stopDatabase = stop);

/** Ends everything that was started, whatever state it is in. */
async function cleanUp(folder: string): Promise<void> {
  killWorkers();
  await stopDatabase().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}

function report(figures: Figure[], options: Options): void {
  if (figures.length === 0) return;
  const outcomes = figures.map(outcomeOf);
  const facts = machine();
  say(`\n${table(outcomes)}\n`);
  for (const note of notes(outcomes)) say(`  ${note}`);
  say(`\n${facts.cores} cores, Node ${facts.node}, ${seconds()} s. Details: ${RESULTS}`);
  const { sizes, only } = options;
  const results = { at: new Date().toISOString(), machine: facts, seconds: seconds(), only, sizes, outcomes };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  mkdirSync(LOGS, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  let isEnding = false;
  const end = (code: number) => {
    isEnding = true;
    void cleanUp(folder).finally(() => process.exit(code));
  };
  process.once('SIGINT', () => end(130)).once('SIGTERM', () => end(143));
  process.once('uncaughtException', (error) => {
    say(error.stack ?? error.message);
    end(1);
  });
  const figures: Figure[] = [];
  const deadline = setTimeout(() => {
    report(figures, options);
    say(`Not done after ${options.deadlineMs / 1000} s.`);
    end(1);
  }, options.deadlineMs);
  try {
    await run(options, folder, figures);
    report(figures, options);
    return 0;
  } catch (error) {
    if (isEnding) await new Promise(() => undefined);
    report(figures, options);
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  } finally {
    clearTimeout(deadline);
    await cleanUp(folder);
  }
}

process.exit(await main());
