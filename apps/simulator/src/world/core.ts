import type { Logger } from 'pino';
import type { Counters } from '../traffic/counters.js';
import type { Clock } from './clock.js';
import type { Write } from './companion.js';
import type { Directory } from './directory.js';
import type { Seed } from './seed.js';

/** What every part of a network rests on. */
export interface Core {
  directory: Directory;
  seed: Seed;
  clock: Clock;
  counters: Counters;
  logger: Logger;
  write: Write;
}
