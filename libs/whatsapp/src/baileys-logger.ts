import type { Logger } from '@nestjs/common';
import { ALL_WA_PATCH_NAMES } from '@whiskeysockets/baileys';
import type { SettingEntry } from './updates/settings.js';

type BaileysLogger = Parameters<typeof import('@whiskeysockets/baileys').makeWASocket>[0]['logger'];

/** What Baileys tells in its log alone. */
export interface LoggedNews {
  onSetting: (entry: SettingEntry) => void;
  /** A collection of settings could not be read. */
  onUnreadable: (name: string) => void;
}

const nobody: LoggedNews = { onSetting: () => undefined, onUnreadable: () => undefined };

/**
 * Baileys logs whole stanzas, keys and addresses beside its sentences. Only the sentence and an error's message pass,
 * and what looks like a number in them is cut. Two lines are more than lines: Baileys names every setting that it reads, and
 * tells of many of them (cleared chats, favourites) in no other way; and every collection of them that it gives up.
 */
export function quietLogger(
  logger: Logger,
  { onSetting, onUnreadable }: LoggedNews = nobody,
): NonNullable<BaileysLogger> {
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
    trace: (first: unknown) => {
      const entry = settingIn(first);
      if (entry) onSetting(entry);
    },
    debug: silent,
    info: silent,
    warn: (first: unknown, second?: string) => {
      const name = givenUpIn(first, second);
      if (name) onUnreadable(name);
      logger.debug(sentence(first, second));
    },
    error: (first: unknown, second?: string) => logger.debug(sentence(first, second)),
  };
  return quiet;
}

/** The setting in the line `processing sync action`. */
function settingIn(logged: unknown): SettingEntry | null {
  const { syncAction: entry } = (logged ?? {}) as {
    syncAction?: { syncAction?: { value?: SettingEntry['value'] | null }; index?: string[] };
  };
  if (!entry?.index) return null;
  return { index: entry.index, value: entry.syncAction?.value ?? {} };
}

/** The collection in the lines `… parking after 2 attempts` and `failed to sync …, giving up`. */
function givenUpIn(logged: unknown, sentence = ''): string | null {
  const { name } = (logged ?? {}) as { name?: unknown };
  const isGivenUp = /parking after|giving up/.test(sentence);
  return isGivenUp && typeof name === 'string' && ALL_WA_PATCH_NAMES.includes(name as never) ? name : null;
}
