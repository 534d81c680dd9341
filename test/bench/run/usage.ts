import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process has used so far. */
export interface Usage {
  cpuMs: number;
  rssBytes: number;
  /** JavaScript objects and the buffers that they hold. */
  heapBytes: number;
}

const SETTLED_BYTES = 512 * 1024;
const TRIES = 12;

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpuMs: (user + system) / 1000, rssBytes: rss, heapBytes: heapUsed + external };
}

/** Collects garbage until the resident memory stays where it is. */
async function settledUsage(): Promise<Usage> {
  if (!globalThis.gc) throw new Error('start the process with --expose-gc');
  let last = Infinity;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    globalThis.gc();
    await sleep(400);
    globalThis.gc();
    const { rssBytes } = usage();
    if (Math.abs(last - rssBytes) < SETTLED_BYTES) break;
    last = rssBytes;
  }
  return usage();
}

const inspector = new Session();

async function startProfile(): Promise<void> {
  inspector.connect();
  await inspector.post('Profiler.enable');
  await inspector.post('Profiler.start');
}

/** Writes what was recorded as a .cpuprofile, which browsers' developer tools open. */
async function stopProfile(file: string): Promise<void> {
  const { profile } = await inspector.post('Profiler.stop');
  inspector.disconnect();
  writeFileSync(file, JSON.stringify(profile));
}

/** Orders that every measured process understands. */
export const usageCommands = { usage, settledUsage, startProfile, stopProfile };
