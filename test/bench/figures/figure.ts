import type { Options } from '../options.js';
import type { Database } from '../run/database.js';
import type { Gateway } from '../run/gateway.js';
import type { Receiver } from '../run/receiver.js';
import type { Simulator } from '../run/simulator.js';
import type { Usage } from '../run/usage.js';
import { Worker } from '../run/worker.js';
import { distPath } from '../run/paths.js';
import { join, resolve } from 'node:path';

/** What the figures work with. */
export interface Bench {
  options: Options;
  /** Folder for what processes say. */
  logs: string;
  simulator: Simulator;
  database: Database;
  gateway: Gateway;
  receiver: Receiver;
}

/** What one side did in one round. */
export interface Round {
  value: number;
  /** Further facts for the file with the results. */
  [fact: string]: number;
}

export interface Figure {
  name: string;
  title: string;
  unit: string;
  /** What the ratio gateway/bare should be, or the gateway's own value when there is nothing to compare. */
  goal: { of: 'ratio' | 'gateway'; atLeast?: number; atMost?: number };
  bare: Round[];
  gateway: Round[];
}

/** A process with plain clients. */
export async function startBare({ logs, simulator }: Bench, name: string, { pns }: { pns: string[] }): Promise<Worker> {
  // No source maps: they would make the library's many stack traces dear.
  const args = ['--expose-gc', distPath('test/bench/bare/bare-worker.js')];
  const worker = new Worker({ name, args, logFile: join(logs, `${name}.log`) });
  await worker.call('join', simulator.network);
  await worker.call('pair', pns);
  return worker;
}

/** One round of each side, again and again, while there is time: whatever else the machine does meets both. */
export async function alternately(
  { options, gateway: measured, logs }: Bench,
  name: string,
  bare: () => Promise<Round>,
  gateway: () => Promise<Round>,
): Promise<{ bare: Round[]; gateway: Round[] }> {
  const results: { bare: Round[]; gateway: Round[] } = { bare: [], gateway: [] };
  const { rounds, figureMs } = options.sizes;
  const started = performance.now();
  for (let round = 0; round < rounds && performance.now() - started < figureMs; round++) {
    results.bare.push(await bare());
    if (options.isProfiled) await measured.order('startProfile');
    results.gateway.push(await gateway());
    if (options.isProfiled) await measured.order('stopProfile', resolve(logs, `${name}-${round + 1}.cpuprofile`));
  }
  return results;
}

/** Milliseconds of CPU time that a process used for each message. */
export async function withCpu(usage: () => Promise<Usage>, count: number, work: () => Promise<Round>): Promise<Round> {
  const before = await usage();
  const round = await work();
  const after = await usage();
  return { ...round, cpuMsPerMessage: (after.cpuMs - before.cpuMs) / count };
}
