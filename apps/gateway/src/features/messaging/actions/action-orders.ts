import type { Message, MessageContext } from '@app/database/entities/message.entity.js';
import { AppError, conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import type { EventAnswer, MessageAction } from '@app/platform/events/message-action.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import { isEvent, pollIn, secretIn } from '@app/whatsapp/actions/open-answer.js';
import {
  type ActionTarget,
  type AnswerAddresses,
  type AnsweredTarget,
  withCaption,
  writeEdit,
  writeEventResponse,
  writePin,
  writeReaction,
  writeRevoke,
  writeVote,
} from '@app/whatsapp/actions/write-action.js';
import { writeMessage } from '@app/whatsapp/content/write-message.js';
import type { MessageTarget } from '../message-targets.service.js';

/** The account that acts. */
export interface ActingAccount {
  waId: string;
  lid: string | null;
}

/** An action ready to be sent. */
export interface ActionOrder {
  action: MessageAction;
  /** The serialised protobuf. */
  proto: Buffer;
}

/** WhatsApp's own limits. */
const EDIT_WITHIN_MS = 15 * 60_000;
const EDIT_POST_WITHIN_MS = 30 * 86_400_000;

const isPost = ({ chatId }: Pick<MessageTarget, 'chatId'>) => chatKindOf(chatId) === 'newsletter';

/** Checks what holds for whatever is done with a message of a chat. */
export function usable(message: MessageTarget): ActionTarget {
  if (isPost(message))
    throw new AppError(
      'unsupported',
      'newsletter.unsupported',
      'Posts of newsletters are edited and deleted here; reactions to them are given with the newsletter.',
    );
  return changeable(message);
}

/** The same for what its author does with posts of newsletters, too. */
function changeable(message: MessageTarget): ActionTarget {
  const { messageId, chatId, senderId, authorAddress, fromMe } = message;
  if (message.revokedAt) throw conflict('message.revoked', 'The message was deleted for everybody.');
  if (message.status === 'failed') throw conflict('message.failed', 'The message was not sent; send it again first.');
  // Who wrote a post is nobody's concern.
  const author = authorAddress ?? senderId ?? (isPost(message) ? chatId : senderNeeded());
  return { messageId, chatId, fromMe, author };
}

/** The same for what rests on what the message says. */
function readable(message: Message): AnsweredTarget {
  const target = usable(message);
  if (!message.proto) throw notFound('message', message.id);
  return { ...target, proto: message.proto };
}

/** The chat alone does not tell who wrote a message that is not stored. */
export function senderNeeded(): never {
  throw invalid('message.key-incomplete', '/senderId', 'must be given for a message of somebody in a group');
}

export interface NewWords {
  text?: string;
  caption?: string;
  mentions?: string[];
  mentionAll?: boolean;
  isForwarded?: boolean;
}

/** Other words for an own text, or another caption. */
export function editOrder(message: MessageTarget, edited: NewWords): ActionOrder {
  if (!message.fromMe) throw conflict('message.not-own', 'Only own messages can be edited.');
  const target = changeable(message);
  assertEditable(message, edited);
  const { text, caption = '' } = edited;
  const proto =
    text === undefined
      ? captioned(message, caption, edited)
      : writeMessage({ type: 'text', text }, around(message, edited));
  if (!proto) throw conflict('message.not-editable', 'This type of message has no caption that could be edited.');
  const content = text === undefined ? { caption } : null;
  return { action: { kind: 'edit', text: text ?? caption, content }, proto: writeEdit(target, proto) };
}

function assertEditable(message: MessageTarget, { text, caption, mentions, isForwarded }: NewWords): void {
  const { id, type } = message;
  if ((text === undefined) === (caption === undefined))
    throw invalid('message.text-or-caption', '/text', 'exactly one of text and caption must be given');
  assertInTime(message);
  const refused = isPost(message) && ((mentions?.length && 'mentions') || (isForwarded && 'isForwarded'));
  if (refused)
    throw invalid('message.option-refused', `/${refused}`, `The option ${refused} is not possible in a newsletter.`);
  if (text !== undefined && id !== null && type !== 'text')
    throw invalid('message.not-text', '/text', 'belongs to text messages; give a caption');
}

function assertInTime(message: MessageTarget): void {
  const age = message.timestamp ? Date.now() - message.timestamp.getTime() : 0;
  if (isPost(message) && age > EDIT_POST_WITHIN_MS)
    throw conflict('message.too-late', 'A post of a newsletter can be edited for 30 days after it was written.');
  if (!isPost(message) && age > EDIT_WITHIN_MS)
    throw conflict('message.too-late', 'A message can be edited for 15 minutes after it was written.');
}

/** A caption is part of a message with a file, which has to be known. */
function captioned(message: MessageTarget, caption: string, edited: NewWords): Buffer | null {
  if (!message.proto) throw notFound('message', message.id ?? message.messageId);
  return withCaption(message.proto, caption, around(message, edited));
}

function around({ chatId }: MessageTarget, { mentions, mentionAll, isForwarded }: NewWords) {
  const context: MessageContext = {
    ...(mentions && { mentions }),
    ...(mentionAll && { isMentioningAll: true }),
    ...(isForwarded && { isForwarded: true }),
  };
  return { chatId, context };
}

export const revokeOrder = (message: MessageTarget): ActionOrder => ({
  action: { kind: 'revoke' },
  proto: writeRevoke(changeable(message)),
});

export const reactionOrder = (message: MessageTarget, emoji: string | null): ActionOrder => ({
  action: { kind: 'reaction', emoji },
  proto: writeReaction(usable(message), emoji),
});

export const pinOrder = (message: MessageTarget, seconds: number | null): ActionOrder => ({
  action: { kind: 'pin', seconds },
  proto: writePin(usable(message), seconds),
});

/** A vote in a poll. */
export function voteOrder(message: Message, account: ActingAccount, options: string[]): ActionOrder {
  const target = readable(message);
  const poll = pollIn(target.proto);
  if (!poll) throw conflict('message.not-poll', 'The message is not a poll.');
  options.forEach((option, index) => {
    if (!poll.options.includes(option))
      throw invalid('poll.option-unknown', `/options/${index}`, `must be one of ${poll.options.join(', ')}`);
  });
  if (poll.selectableCount > 0 && options.length > poll.selectableCount)
    throw invalid('poll.too-many-options', '/options', `must be at most ${poll.selectableCount}`);
  requireSecret(target);
  const addresses = voteAddresses(target, account);
  return { action: { kind: 'poll-vote', options }, proto: writeVote(target, options, addresses) };
}

/** The answer to an invitation. */
export function eventOrder(
  message: Message,
  account: ActingAccount,
  response: { answer: EventAnswer; extraGuests: number },
): ActionOrder {
  const target = readable(message);
  if (!isEvent(target.proto)) throw conflict('message.not-event', 'The message is not an event.');
  if (response.extraGuests > 0 && !(message.content as { allowsExtraGuests?: boolean } | null)?.allowsExtraGuests)
    throw conflict('event.no-guests', 'Guests of this event may not bring others.');
  requireSecret(target);
  const addresses = eventAddresses(message, target, account);
  return { action: { kind: 'event-response', ...response }, proto: writeEventResponse(target, response, addresses) };
}

function requireSecret({ proto }: AnsweredTarget): void {
  if (!secretIn(proto))
    throw conflict('message.no-secret', 'The message came without the secret that answers are sealed with.');
}

/** Both sides by the kind of address that the chat goes by. */
function voteAddresses({ author, chatId, fromMe }: ActionTarget, { waId, lid }: ActingAccount): AnswerAddresses {
  const isByLid = fromMe ? chatId.endsWith('@g.us') || chatId.endsWith('@lid') : author.endsWith('@lid');
  const own = (isByLid && lid) || waId;
  return { author: fromMe ? own : author, answerer: own };
}

/** Clients take the host by number and the guest by the address that the chat does not go by, where they know them. */
function eventAddresses({ senderId }: Message, target: ActionTarget, { waId, lid }: ActingAccount): AnswerAddresses {
  const isByLid = target.fromMe ? target.chatId.endsWith('@lid') : target.author.endsWith('@lid');
  return { author: target.fromMe ? waId : senderId, answerer: isByLid ? waId : (lid ?? waId) };
}
