import type { Actor, Behaviour } from '../behaviour.js';
import type { Letter } from '../letter.js';
import { textOf } from '../plaintext.js';
import { ruleFor } from '../rules.js';

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
    const rule = text === null ? undefined : ruleFor(actor.manners.rules, text);
    return say(actor, letter, rule?.text ?? null);
  },
};

/** Confirms delivery without opening, for load. */
export const sink: Behaviour = { opensMail: false, confirms: 'delivery', sharesKeys: true };

/** Switched off. */
export const unreachable: Behaviour = { opensMail: false, confirms: 'nothing' };

/** Reads and records, confirms nothing: the phone behind a linked session. */
export const phone: Behaviour = { opensMail: true, confirms: 'nothing' };

/** Echoes from the opaque id; the number is not shown to anybody. */
export const lidOnly: Behaviour = { ...echo, hidesNumber: true };

/** Echoes, and has more devices, which all get their own copy. */
export const multiDevice: Behaviour = { ...echo, devices: 3 };

/** Has blocked everybody: nothing arrives, nobody sees when they are online. */
export const blocked: Behaviour = { ...silent, refusesEverybody: true };

/** Answers a message with a text, typing first when the person does that. */
export async function say(actor: Actor, { chat }: Letter, text: string | null): Promise<void> {
  if (text === null) return;
  const { typingMs } = actor.manners;
  if (typingMs > 0) actor.showTyping(chat, true);
  await actor.later(typingMs, async () => {
    if (typingMs > 0) actor.showTyping(chat, false);
    await actor.answer(chat, { conversation: text });
  });
}
