import type { Actor, Behaviour } from '../behaviour.js';
import type { Letter } from '../letter.js';
import { textOf } from '../plaintext.js';

/** Confirms delivery. */
export const silent: Behaviour = { opensMail: true, confirms: 'delivery' };

/** Confirms delivery and reading. */
export const reader: Behaviour = { opensMail: true, confirms: 'reading' };

/** Reads and sends the same text back. */
export const echo: Behaviour = {
  ...reader,
  onLetter: (actor, letter) => say(actor, letter, textOf(letter.message)),
};

/** Reads and answers by rules: the first whose pattern is found. */
export const replier: Behaviour = {
  ...reader,
  onLetter: (actor, letter) => {
    const text = textOf(letter.message);
    const rule = actor.manners.rules.find(({ match }) => text !== null && new RegExp(match, 'i').test(text));
    return say(actor, letter, rule?.text ?? null);
  },
};

/** Confirms delivery without opening, for load. */
export const sink: Behaviour = { opensMail: false, confirms: 'delivery', sharesKeys: true };

/** Switched off. */
export const unreachable: Behaviour = { opensMail: false, confirms: 'nothing' };

/** Reads and records, confirms nothing: the phone behind a linked session. */
export const phone: Behaviour = { opensMail: true, confirms: 'nothing' };

async function say(actor: Actor, { chat }: Letter, text: string | null): Promise<void> {
  if (text !== null) await actor.answer(chat, { conversation: text });
}
