import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type AnswerKind, MessageAnswer } from '@app/database/entities/message-answer.entity.js';
import type { MessageEdit } from '@app/database/entities/message-edit.entity.js';
import type { Message, MessageStatus } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict } from '@app/platform/errors/app-error.js';
import type { EventAnswer } from '@app/platform/events/message-action.js';
import { Repository } from 'typeorm';
import { MessageMarksService } from '../message-marks.service.js';
import { MessagesService } from '../messages.service.js';
import { ANSWERS_OF, RECEIPTS_OF } from './message-answers.queries.js';

export interface Reaction {
  emoji: string;
  by: string;
  at: Date;
}

export interface PollOption {
  name: string;
  voters: string[];
}

export interface EventResponse {
  by: string;
  answer: EventAnswer;
  extraGuests: number;
  at: Date;
}

/** A message with what people made of it. */
export interface MessageDetails {
  message: Message;
  reactions: Reaction[];
  /** Null for what is no poll. */
  pollResults: PollOption[] | null;
  /** Null for what is no event. */
  eventResponses: EventResponse[] | null;
  /** What it said before, the oldest first. */
  edits: Pick<MessageEdit, 'text' | 'content' | 'replacedAt'>[];
}

interface AnswerRow {
  kind: AnswerKind;
  personId: string;
  value: { emoji?: string; options?: string[]; answer?: EventAnswer; extraGuests?: number } | null;
  at: Date;
}

/** One recipient of an own message, and how far it got with them. */
export interface Recipient {
  recipientId: string;
  deliveredAt: Date | null;
  readAt: Date | null;
  playedAt: Date | null;
}

/** Looks up what people made of a message. */
@Injectable()
export class MessageDetailsService {
  constructor(
    private readonly messages: MessagesService,
    private readonly marks: MessageMarksService,
    @InjectRepository(MessageAnswer) private readonly answers: Repository<MessageAnswer>,
  ) {}

  async get(actor: Actor, sessionId: string, id: string): Promise<MessageDetails> {
    const message = await this.messages.get(actor, sessionId, id);
    const rows = await runPrepared<AnswerRow>(this.answers.manager.connection, ANSWERS_OF, [message.id]);
    const given = (kind: AnswerKind) => rows.filter((row) => row.kind === kind && row.value !== null);
    return {
      message,
      reactions: given('reaction').map(({ personId: by, value, at }) => ({ by, at, emoji: value?.emoji ?? '' })),
      pollResults: message.type === 'poll' ? resultsOf(message, given('poll-vote')) : null,
      eventResponses: message.type === 'event' ? given('event-response').map(responseOf) : null,
      edits: message.editedAt ? await this.marks.editsOf(message.id) : [],
    };
  }

  /** Who got, read and played an own message. Throws `message.not-own`. */
  async receipts(actor: Actor, sessionId: string, id: string): Promise<Recipient[]> {
    const message = await this.messages.get(actor, sessionId, id);
    if (!message.fromMe) throw conflict('message.not-own', 'Only own messages have receipts.');
    if (!/@(g\.us|broadcast)$/.test(message.chatId)) return [onlyRecipient(message)];
    return runPrepared(this.answers.manager.connection, RECEIPTS_OF, [message.id]);
  }
}

/** In a chat of two the timeline tells. */
function onlyRecipient({ chatId, timeline }: Message): Recipient {
  const atOf = (status: MessageStatus) => {
    const step = timeline.find((each) => each.status === status);
    return step ? new Date(step.at) : null;
  };
  const [deliveredAt, readAt, playedAt] = [atOf('delivered'), atOf('read'), atOf('played')];
  return { recipientId: chatId, deliveredAt: deliveredAt ?? readAt ?? playedAt, readAt: readAt ?? playedAt, playedAt };
}

function resultsOf({ content }: Message, votes: AnswerRow[]): PollOption[] {
  const { options = [] } = (content ?? {}) as { options?: string[] };
  return options.map((name) => ({
    name,
    voters: votes.filter(({ value }) => value?.options?.includes(name)).map(({ personId }) => personId),
  }));
}

const responseOf = ({ personId: by, value, at }: AnswerRow): EventResponse => ({
  by,
  at,
  answer: value?.answer ?? 'maybe',
  extraGuests: value?.extraGuests ?? 0,
});
