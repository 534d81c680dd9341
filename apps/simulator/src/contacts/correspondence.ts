import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { createHash } from 'node:crypto';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import { addressOf } from './letter.js';
import type { Letter } from './letter.js';
import { unwrap } from './plaintext.js';
import { pollOf, readingOf } from './reading.js';
import type { Reading } from './reading.js';
import { unseal } from './sealed.js';
import type { Purpose } from './sealed.js';

const MAX_REMEMBERED = 2_000;

/** A message somebody sent or received, as far as later ones can refer to it. */
export type Piece = Pick<Letter, 'id' | 'from' | 'chat' | 'message'>;

/** What was said lately in a person's chats: needed to react, quote, change, vote, and to read the votes of others. */
export class Correspondence {
  private readonly pieces = new Map<string, Piece>();

  constructor(private readonly self: Account) {}

  remember(piece: Piece): void {
    this.pieces.delete(piece.id);
    this.pieces.set(piece.id, piece);
    const oldest = this.pieces.size > MAX_REMEMBERED ? this.pieces.keys().next() : undefined;
    if (oldest && !oldest.done) this.pieces.delete(oldest.value);
  }

  recall(id: string): Piece | undefined {
    return this.pieces.get(id);
  }

  /** A message with this id; refused when it was never here or too long ago. */
  find(id: string): Piece {
    const piece = this.pieces.get(id);
    if (!piece) throw new Problem(404, 'message.unknown', `${this.self.pn} remembers no message ${id}.`);
    return piece;
  }

  /** How this person names a message when referring to it. */
  keyOf(piece: Piece): proto.IMessageKey {
    return keyOf(piece, this.self);
  }

  /** Reads a message, opening a vote or the answer to an event when the original is remembered. */
  read({ from, message }: Piece): Reading {
    const reading = readingOf(message);
    const original = reading.target === undefined ? undefined : this.pieces.get(reading.target);
    const { pollUpdateMessage, encEventResponseMessage } = unwrap(message);
    if (original && pollUpdateMessage?.vote) {
      const answer = open('Poll Vote', original, from, pollUpdateMessage.vote);
      if (answer) reading.vote = chosen(original, proto.Message.PollVoteMessage.decode(answer));
    }
    if (original && encEventResponseMessage) {
      const answer = open('Event Response', original, from, encEventResponseMessage);
      if (answer) reading.response = responseOf(proto.Message.EventResponseMessage.decode(answer));
    }
    return reading;
  }
}

/** How somebody names a message when referring to it. */
export function keyOf({ id, from, chat }: Piece, self: Account): proto.IMessageKey {
  const key = { id, fromMe: from === self, remoteJid: addressOf(chat) };
  return chat.kind === 'group' ? { ...key, participant: chat.group.jidOf(from) } : key;
}

/** How an option of a poll is named in a vote. */
export function optionHash(option: string): Buffer {
  return createHash('sha256').update(option).digest();
}

/** The two sides may know each other by either address, and the answer is bound to the ones the answerer used. */
function open(
  purpose: Purpose,
  original: Piece,
  from: Account,
  sealed: proto.Message.IPollEncValue,
): Buffer | undefined {
  const secret = original.message.messageContextInfo?.messageSecret;
  if (!secret) return undefined;
  for (const author of addressesOf(original.from))
    for (const answerer of addressesOf(from))
      try {
        return unseal(purpose, { secret, originalId: original.id, author, answerer }, sealed);
      } catch {
        // Another pair of addresses may fit.
      }
  return undefined;
}

function addressesOf(account: Account): string[] {
  return [account.jid('pn'), account.jid('lid')];
}

function chosen(poll: Piece, { selectedOptions }: proto.Message.IPollVoteMessage): string[] {
  const options = pollOf(unwrap(poll.message))?.options?.map(({ optionName }) => optionName ?? '') ?? [];
  const hashes = new Set(selectedOptions?.map((hash) => Buffer.from(hash).toString('hex')));
  return options.filter((option) => hashes.has(optionHash(option).toString('hex')));
}

function responseOf({ response }: proto.Message.IEventResponseMessage): string {
  return proto.Message.EventResponseMessage.EventResponseType[response ?? 0] ?? 'UNKNOWN';
}
