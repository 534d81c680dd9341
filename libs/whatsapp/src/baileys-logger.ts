import type { Logger } from '@nestjs/common';

type BaileysLogger = Parameters<typeof import('@whiskeysockets/baileys').makeWASocket>[0]['logger'];

/**
 * Baileys logs whole stanzas, keys and addresses beside its sentences. Only the sentence and an error's message pass,
 * and what looks like a number in them is cut.
 */
export function quietLogger(logger: Logger): NonNullable<BaileysLogger> {
  const sentence = (first: unknown, second?: string) => {
    const text = second ?? (typeof first === 'string' ? first : 'unnamed');
    const { err, error } = (typeof first === 'object' && first ? first : {}) as { err?: unknown; error?: unknown };
    const cause = err ?? error;
    const full = cause instanceof Error ? `${text}: ${cause.message}` : text;
    return full.replace(/\d{5,}/g, (digits) => `…${digits.slice(-4)}`);
  };
  const silent = () => undefined;
  const quiet: NonNullable<BaileysLogger> = {
    level: 'warn',
    child: () => quiet,
    trace: silent,
    debug: silent,
    info: silent,
    warn: (first: unknown, second?: string) => logger.debug(sentence(first, second)),
    error: (first: unknown, second?: string) => logger.debug(sentence(first, second)),
  };
  return quiet;
}
