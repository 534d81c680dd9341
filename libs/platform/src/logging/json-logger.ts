import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.js';
import { redact } from './redaction.js';
import { currentContext } from './request-context.js';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
type Output = { write(line: string): unknown };

/** Nest reports every module and route at start. */
const bootNoise = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/**
 * Nest's logger on pino: JSON in production, one readable line otherwise. Every record passes the redaction and carries
 * the request's context. Use `new Logger('Name')` of `@nestjs/common`; a last object argument becomes fields.
 */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor({ logLevel, isProduction }: Pick<Config, 'logLevel' | 'isProduction'>, output: Output = process.stdout) {
    const target = isProduction ? output : { write: (line: string) => output.write(readable(line)) };
    this.pino = pino(
      {
        level: logLevel,
        base: isProduction ? { pid: process.pid } : {},
        timestamp: pino.stdTimeFunctions.isoTime,
        serializers: { err: (err: unknown) => err },
        formatters: { level: (label) => ({ level: label }) },
      },
      target,
    );
  }

  log = (message: unknown, ...rest: unknown[]) =>
    this.write(bootNoise.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  // What keeps the application from listening is thrown as well, and explained by whoever starts it.
  error = (message: unknown, ...rest: unknown[]) =>
    this.write(rest.at(-1) === 'NestApplication' ? 'debug' : 'error', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);

  /** Nest passes the context last; `error` may have a stack before it. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const scope = typeof rest.at(-1) === 'string' ? rest.pop() : undefined;
    const record: Record<string, unknown> = { ...currentContext(), scope };
    for (const extra of rest) addTo(record, extra);
    const text = typeof message === 'string' ? message : addTo(record, message);
    this.pino[level](redact(record), redact(text) as string);
  }
}

/** Puts one argument of a log call into the record and returns a message for it. */
function addTo(record: Record<string, unknown>, extra: unknown): string {
  if (extra instanceof Error) record.err = extra;
  else if (typeof extra === 'string') record.stack = extra;
  else if (typeof extra === 'object' && extra !== null) Object.assign(record, extra);
  return extra instanceof Error ? extra.message : '';
}

interface Line {
  level: string;
  time: string;
  scope?: string;
  msg?: string;
  err?: { stack?: string };
  stack?: string;
}

function readable(line: string): string {
  const { level, time, scope, msg = '', err, stack, ...facts } = JSON.parse(line) as Line;
  const fields = Object.entries(facts).map(([key, value]) => {
    return ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  const trace = err?.stack ?? stack;
  const head = `${time.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${scope ? `[${scope}] ` : ''}`;
  return `${head}${msg}${fields.join('')}${trace ? `\n${trace}` : ''}\n`;
}
