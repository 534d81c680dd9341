import { Problem } from '../world/problem.js';
import { IqError } from '../world/refusal.js';

/** The service's refusals: the status of the problem, and the word that follows the thing it is about. */
const problems: Record<number, [status: number, word: string]> = {
  400: [400, 'bad-request'],
  401: [403, 'not-authorized'],
  403: [403, 'forbidden'],
  404: [404, 'unknown'],
  406: [422, 'not-acceptable'],
  409: [409, 'conflict'],
  410: [410, 'gone'],
  419: [409, 'resource-limit'],
};

/** Does something as a person; what the network refuses to a client is a problem here, such as `group.forbidden`. */
export function asPerson<T>(thing: string, task: () => T): T {
  try {
    const outcome = task();
    if (!(outcome instanceof Promise)) return outcome;
    return outcome.catch((error: unknown) => {
      throw problemOf(thing, error);
    }) as T;
  } catch (error) {
    throw problemOf(thing, error);
  }
}

function problemOf(thing: string, error: unknown): unknown {
  if (!(error instanceof IqError)) return error;
  const [status, word] = problems[error.code] ?? [409, 'refused'];
  return new Problem(status, `${thing}.${word}`, `The network answered ${error.code} ${error.message}.`);
}
