import type { Logger } from 'pino';
import type { Counters } from '../traffic/counters.js';

/** Does work that nobody waits for; false when it failed. */
export type Guard = (work: () => void) => boolean;

/** A bug must be seen, but it must end neither the process nor the connection of the client that met it. */
export function createGuard(counters: Counters, logger: Logger): Guard {
  return (work) => {
    try {
      work();
      return true;
    } catch (error) {
      counters.error();
      logger.error({ err: error }, 'a piece of work could not be done');
      return false;
    }
  };
}
