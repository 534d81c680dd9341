import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import type { MessageAction } from '@app/platform/events/message-action.js';
import { unwrap } from '../content/read-message.js';
import { toJid } from '../map/jid.js';
import { readEmoji, type SealedAction } from './read-action.js';
import { unseal } from './sealed-answer.js';

/** A poll as far as votes need it. */
export interface Poll {
  options: string[];
  /** How many options one person may choose; 0 is any number. */
  selectableCount: number;
}

/** A message that people answer, and what they may be called. */
export interface Answered {
  messageId: string;
  /** The serialised protobuf. */
  proto: Buffer;
  /** Every known waId of whoever wrote it. */
  authors: string[];
}

const { EventResponseType } = proto.Message.EventResponseMessage;
const answers = {
  [EventResponseType.GOING]: 'going',
  [EventResponseType.NOT_GOING]: 'not-going',
  [EventResponseType.MAYBE]: 'maybe',
} as const;

/** How a vote names an option. */
export const optionHash = (option: string): Buffer => createHash('sha256').update(option).digest();

/** The poll in a message; null when it is none. */
export function pollIn(serialised: Buffer): Poll | null {
  const inner = unwrap(proto.Message.decode(serialised));
  const poll =
    inner.pollCreationMessage ??
    inner.pollCreationMessageV2 ??
    inner.pollCreationMessageV3 ??
    inner.pollCreationMessageV5;
  if (!poll) return null;
  return {
    options: (poll.options ?? []).map(({ optionName }) => optionName ?? ''),
    selectableCount: poll.selectableOptionsCount ?? 0,
  };
}

/** Whether a message is an event that can be answered. */
export const isEvent = (serialised: Buffer): boolean => Boolean(unwrap(proto.Message.decode(serialised)).eventMessage);

/** The secret that answers are sealed with; null when the message came without one. */
export function secretIn(serialised: Buffer): Uint8Array | null {
  const secret = proto.Message.decode(serialised).messageContextInfo?.messageSecret;
  return secret?.length ? secret : null;
}

/**
 * Reads a sealed answer. Clients bind it to either address of either side, so that every pair is tried; null when none
 * fits, which may change once more addresses are known.
 */
export function openAnswer(
  { purpose, payload, iv }: SealedAction,
  { messageId, proto: original, authors }: Answered,
  answerers: string[],
): MessageAction | null {
  const secret = secretIn(original);
  if (!secret) return null;
  const sealed = { payload: Buffer.from(payload, 'base64'), iv: Buffer.from(iv, 'base64') };
  for (const author of authors.map(toJid))
    for (const answerer of answerers.map(toJid)) {
      const opened = unseal(purpose, { secret, messageId, author, answerer }, sealed);
      if (opened) return readOpened(purpose, opened, original);
    }
  return null;
}

function readOpened(purpose: SealedAction['purpose'], opened: Uint8Array, original: Buffer): MessageAction | null {
  try {
    if (purpose === 'Poll Vote') return readVote(proto.Message.PollVoteMessage.decode(opened), original);
    if (purpose === 'Enc Reaction')
      return { kind: 'reaction', emoji: readEmoji(proto.Message.ReactionMessage.decode(opened).text) };
    const { response, extraGuestCount } = proto.Message.EventResponseMessage.decode(opened);
    const answer = answers[response as keyof typeof answers] as (typeof answers)[keyof typeof answers] | undefined;
    return answer ? { kind: 'event-response', answer, extraGuests: Math.max(0, extraGuestCount ?? 0) } : null;
  } catch {
    return null; // whoever sealed it can have put anything inside
  }
}

/** PostgreSQL takes no NUL, which an option of a stranger's poll may have. */
const storable = (text: string) => text.replaceAll('\0', '\ufffd');

function readVote({ selectedOptions }: proto.Message.IPollVoteMessage, original: Buffer): MessageAction {
  const chosen = new Set((selectedOptions ?? []).map((hash) => Buffer.from(hash).toString('hex')));
  const options = pollIn(original)?.options ?? [];
  return {
    kind: 'poll-vote',
    options: options.filter((option) => chosen.has(optionHash(option).toString('hex'))).map(storable),
  };
}
