import { ConfigError } from '@app/platform/config/config.js';

const QUICK_MS = 2000;

/** For the person at the terminal; not a log line, which may be JSON or switched off. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Says what takes long once it does. */
export async function unlessQuick<T>(work: Promise<T>, message: string): Promise<T> {
  const timer = setTimeout(() => say(message), QUICK_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** A failure of the embedded server explains itself; its stack would only hide that. */
export function asStartProblem(error: unknown): never {
  throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
}

/** One line for what the operator can put right, the whole error for everything else. */
export function explainStartFailure(error: unknown): void {
  const { code, port, address, message, stack } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (error instanceof ConfigError) say(`Cannot start: ${message}`);
  else if (code === 'EADDRINUSE') say(`Cannot start: PORT ${port} of ${address} is in use; set another PORT.`);
  else if (code === 'EADDRNOTAVAIL' || code === 'EACCES') say(`Cannot start: HOST or PORT cannot be used: ${message}`);
  else if (isConnectionProblem(code)) say(`Cannot start: the database of DATABASE_URL cannot be reached: ${code}`);
  else say(`Cannot start: ${stack ?? String(error)}`);
}

const connectionProblems = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ECONNRESET',
  '28P01',
  '28000',
  '3D000',
];
const isConnectionProblem = (code: string | undefined) => connectionProblems.includes(code ?? '');
