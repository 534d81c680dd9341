import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import { keyOf, optionHash } from './correspondence.js';
import type { Piece } from './correspondence.js';
import { familyIn } from './letter.js';
import { unwrap } from './plaintext.js';
import { pollOf } from './reading.js';
import { seal } from './sealed.js';
import type { SealContext } from './sealed.js';

const { Type } = proto.Message.ProtocolMessage;
const PinType = proto.Message.PinInChatMessage.Type;
const Answer = proto.Message.EventResponseMessage.EventResponseType;

/** The answers somebody can give to an event. */
export const eventAnswers = ['GOING', 'NOT_GOING', 'MAYBE'] as const;

/** One of them. */
export type EventAnswer = (typeof eventAnswers)[number];

/** What a message carries to show that it answers another one. */
export function quote({ id, from, chat, message }: Piece): proto.IContextInfo {
  return { stanzaId: id, participant: from.jid(familyIn(chat)), quotedMessage: message };
}

/** A reaction; an empty emoji takes an earlier one back. */
export function reaction(key: proto.IMessageKey, emoji: string, now: number): proto.IMessage {
  return { reactionMessage: { key, text: emoji, senderTimestampMs: now } };
}

/** Other words for an own message. */
export function edit(key: proto.IMessageKey, text: string, now: number): proto.IMessage {
  const editedMessage = { extendedTextMessage: { text } };
  return { protocolMessage: { key, type: Type.MESSAGE_EDIT, editedMessage, timestampMs: now } };
}

/** Deletes an own message for everybody. */
export function revoke(key: proto.IMessageKey): proto.IMessage {
  return { protocolMessage: { key, type: Type.REVOKE } };
}

/** Pins a message in the chat for some seconds; zero takes the pin away. */
export function pin(key: proto.IMessageKey, seconds: number, now: number): proto.IMessage {
  const type = seconds > 0 ? PinType.PIN_FOR_ALL : PinType.UNPIN_FOR_ALL;
  return {
    pinInChatMessage: { key, type, senderTimestampMs: now },
    messageContextInfo: { messageAddOnDurationInSecs: seconds },
  };
}

/** A vote in a poll; no options take the vote back. */
export function vote(poll: Piece, voter: Account, options: string[], now: number): proto.IMessage {
  const known = pollOf(unwrap(poll.message))?.options?.map(({ optionName }) => optionName);
  if (!known) throw new Problem(409, 'message.not-a-poll', `The message ${poll.id} is not a poll.`);
  const unknown = options.find((option) => !known.includes(option));
  if (unknown !== undefined) throw new Problem(400, 'poll.option-unknown', `The poll has no option "${unknown}".`);
  const answer = proto.Message.PollVoteMessage.encode({ selectedOptions: options.map(optionHash) }).finish();
  return {
    pollUpdateMessage: {
      pollCreationMessageKey: keyOf(poll, voter),
      vote: seal('Poll Vote', contextOf(poll, voter), answer),
      senderTimestampMs: now,
    },
  };
}

/** The answer to an invitation to an event. */
export function respond(event: Piece, guest: Account, answer: EventAnswer, now: number): proto.IMessage {
  if (!unwrap(event.message).eventMessage)
    throw new Problem(409, 'message.not-an-event', `The message ${event.id} is not an event.`);
  const response = proto.Message.EventResponseMessage.encode({ response: Answer[answer], timestampMs: now }).finish();
  return {
    encEventResponseMessage: {
      eventCreationMessageKey: keyOf(event, guest),
      ...seal('Event Response', { ...contextOf(event, guest), ...addressesForEvents(event, guest) }, response),
    },
  };
}

/**
 * Clients take the host by number, and the guest by the address that comes along with the one the message is sent
 * from: the opaque id in a chat addressed by number, and the other way round.
 */
function addressesForEvents({ from, chat }: Piece, guest: Account): Pick<SealContext, 'author' | 'answerer'> {
  const answerer = guest.jid(familyIn(chat) === 'pn' || guest.hidesNumber ? 'lid' : 'pn');
  return { author: from.jid('pn'), answerer };
}

function contextOf({ id, from, chat, message }: Piece, self: Account): SealContext {
  const secret = message.messageContextInfo?.messageSecret;
  if (!secret) throw new Problem(409, 'message.no-secret', `The message ${id} came without the secret answers need.`);
  return { secret, originalId: id, author: from.jid(familyIn(chat)), answerer: self.jid(familyIn(chat)) };
}
