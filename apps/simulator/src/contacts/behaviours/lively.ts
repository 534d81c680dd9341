import type { Actor, Behaviour } from '../behaviour.js';
import { edit, reaction, revoke, vote } from '../deeds.js';
import { familyIn } from '../letter.js';
import type { Destination } from '../letter.js';
import { textOf, unwrap } from '../plaintext.js';
import { pollOf } from '../reading.js';
import { reader } from './basic.js';

const usualEmojis = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
const SECOND = 1_000;
const RING_MS = 20_000;

/** Sends many messages to whoever writes, at a steady rate. */
export const flooder: Behaviour = {
  ...reader,
  onLetter: async (actor, { chat, message }) => {
    if (textOf(message) !== null) await flood(actor, chat, 1);
  },
};

/** Votes in every poll: for the options the seed picks, at least one and no more than allowed. */
export const voter: Behaviour = {
  ...reader,
  onLetter: async (actor, letter) => {
    const poll = pollOf(unwrap(letter.message));
    const names = poll?.options?.map(({ optionName }) => optionName ?? '') ?? [];
    if (names.length === 0) return;
    const most = Math.min(poll?.selectableOptionsCount || names.length, names.length);
    const start = Math.floor(actor.core.seed.random(`votes of ${actor.account.pn}`) * names.length);
    const count = 1 + Math.floor(actor.core.seed.random(`votes of ${actor.account.pn}`) * most);
    const options = [...names, ...names].slice(start, start + count);
    await actor.answer(letter.chat, vote(letter, actor.account, options, actor.core.clock.now()));
  },
};

/** Reacts to every message that can be read as one. */
export const reactor: Behaviour = {
  ...reader,
  onLetter: async (actor, letter) => {
    const { reactionMessage, protocolMessage, pollUpdateMessage } = unwrap(letter.message);
    if (reactionMessage ?? protocolMessage ?? pollUpdateMessage) return;
    const { clock, seed } = actor.core;
    const emoji =
      actor.manners.emoji ??
      usualEmojis[Math.floor(seed.random(`reactions of ${actor.account.pn}`) * usualEmojis.length)] ??
      '👍';
    await actor.answer(letter.chat, reaction(actor.correspondence.keyOf(letter), emoji, clock.now()));
  },
};

/** Answers, changes the answer, and deletes it in the end; `typingMs` lies between the steps. */
export const editor: Behaviour = {
  ...reader,
  onLetter: async (actor, { chat, message }) => {
    const text = textOf(message);
    if (text === null) return;
    const { typingMs } = actor.manners;
    const id = await actor.answer(chat, { conversation: text });
    const key = { ...actor.correspondence.keyOf({ id, from: actor.account, chat, message }), fromMe: true };
    await actor.later(typingMs, async () => {
      await actor.answer(chat, edit(key, `${text} (edited)`, actor.core.clock.now()));
      await actor.later(typingMs, async () => void (await actor.answer(chat, revoke(key))));
    });
  },
};

/** Calls back whoever writes. */
export const caller: Behaviour = {
  ...reader,
  onLetter: async (actor, { from, chat, message }) => {
    if (textOf(message) !== null) actor.call({ account: from, family: familyIn(chat) }, { ringMs: RING_MS });
  },
};

async function flood(actor: Actor, chat: Destination, n: number): Promise<void> {
  const { floodCount, ratePerSec } = actor.manners;
  await actor.answer(chat, { conversation: `flood ${n}` });
  if (n < floodCount) await actor.later(SECOND / ratePerSec, () => flood(actor, chat, n + 1));
}
