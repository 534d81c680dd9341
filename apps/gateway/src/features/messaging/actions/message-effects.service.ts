import { Injectable } from '@nestjs/common';
import type { AnswerKind } from '@app/database/entities/message-answer.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { MessageActionData } from '@app/platform/events/data/message-action-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type {
  EditAction,
  EventResponseAction,
  MessageAction,
  PollVoteAction,
  ReactionAction,
} from '@app/platform/events/message-action.js';
import { applyEdit } from '@app/whatsapp/actions/write-action.js';
import type { EntityManager } from 'typeorm';
import { MessageMarksService, type TargetMessage } from '../message-marks.service.js';
import { ANSWER_MESSAGES, FORGET_ANSWERS } from './message-answers.queries.js';

/** Something that is done with a message, by whom, ready to take effect. */
export interface Deed {
  target: TargetMessage;
  action: MessageAction;
  by: WaPerson;
  fromMe: boolean;
  at: Date;
  /** WhatsApp's id of it. */
  messageId: string;
  /** With an edit: its serialised protobuf. */
  proto: Buffer | null;
}

type Answer = Deed & { action: ReactionAction | PollVoteAction | EventResponseAction };
type Mark = Deed & { action: Exclude<MessageAction, Answer['action']> };

const answerKinds: ReadonlySet<string> = new Set<AnswerKind>(['reaction', 'poll-vote', 'event-response']);
const isAnswer = (deed: Deed): deed is Answer => answerKinds.has(deed.action.kind);

/** A message that was deleted for everybody can only lose its star and go from the own devices, too. */
const isPossible = ({ target, action }: Deed) =>
  !target.isRevoked || action.kind === 'delete' || (action.kind === 'star' && !action.isStarred);

/** Lets what people do with messages take effect, with the events that tell. What changes nothing is not told. */
@Injectable()
export class MessageEffectsService {
  constructor(private readonly marks: MessageMarksService) {}

  async apply(tx: EntityManager, done: Deed[]): Promise<NewEvent[]> {
    const deeds = done.filter(isPossible);
    const events = await this.answer(tx, deeds.filter(isAnswer));
    // Rare beside messages and answers, and their order matters: one after the other.
    for (const deed of deeds) if (!isAnswer(deed)) events.push(...(await this.mark(tx, deed as Mark)));
    return events;
  }

  private async answer(tx: EntityManager, deeds: Answer[]): Promise<NewEvent[]> {
    const last = new Map<string, Answer>();
    for (const deed of deeds) {
      const key = keyOf(deed.target.id, deed.action.kind, deed.by.waId);
      const known = last.get(key);
      if (!known || known.at <= deed.at) last.set(key, deed);
    }
    const answers = [...last.values()];
    if (!answers.length) return [];
    const changed = await runPrepared<{ messageId: string; kind: string; personId: string }>(tx, ANSWER_MESSAGES, [
      answers.map(({ target }) => target.id),
      answers.map(({ action }) => action.kind),
      answers.map(({ by }) => by.waId),
      answers.map(({ target }) => target.tenantId),
      answers.map(({ target }) => target.sessionId),
      answers.map(({ action }) => valueOf(action)),
      answers.map(({ at }) => at),
    ]);
    const keys = new Set(changed.map(({ messageId, kind, personId }) => keyOf(messageId, kind, personId)));
    return answers.filter(({ target, action, by }) => keys.has(keyOf(target.id, action.kind, by.waId))).map(answered);
  }

  private async mark(tx: EntityManager, deed: Mark): Promise<NewEvent[]> {
    if (deed.action.kind === 'edit') return this.edit(tx, deed, deed.action);
    if (!(await this.change(tx, deed))) return [];
    if (deed.action.kind === 'delete') await runPrepared(tx, FORGET_ANSWERS, [deed.target.id]);
    return marked(deed);
  }

  private async change(tx: EntityManager, deed: Mark): Promise<object | null> {
    const { target, action, at } = deed;
    switch (action.kind) {
      case 'revoke':
        return this.marks.revoke(tx, target.id, at);
      case 'pin':
        return this.marks.pin(tx, target.id, pinnedUntil(deed));
      case 'star':
        return this.marks.star(tx, target.id, action.isStarred ? at : null);
      case 'keep':
        return this.marks.keep(tx, target.id, action.isKept ? at : null);
      case 'delete':
        return this.marks.delete(tx, target.id, at);
      case 'edit':
        return null; // has events of its own
    }
  }

  private async edit(tx: EntityManager, deed: Deed, { text, content }: EditAction): Promise<NewEvent[]> {
    const { target, at, messageId, proto } = deed;
    if (!proto || !target.proto) return [];
    const edited = applyEdit(target.proto, proto);
    const said = await this.marks.edit(tx, target.id, { editId: messageId, at, text, content, proto: edited });
    if (!said) return [];
    const { tenantId, sessionId } = target;
    const data = { ...factsOf(deed), text: said.text, content: said.content };
    return [{ tenantId, sessionId, type: 'message.edited', data }];
  }
}

const keyOf = (...parts: string[]) => parts.join(' ');

/** What is stored of an answer; null when it takes an earlier one back. */
function valueOf(action: Answer['action']): string | null {
  if (action.kind === 'reaction') return action.emoji === null ? null : JSON.stringify({ emoji: action.emoji });
  if (action.kind === 'poll-vote') return action.options.length ? JSON.stringify({ options: action.options }) : null;
  return JSON.stringify({ answer: action.answer, extraGuests: action.extraGuests });
}

function answered(deed: Answer): NewEvent {
  const { target, action } = deed;
  const scope = { tenantId: target.tenantId, sessionId: target.sessionId };
  const data = factsOf(deed);
  if (action.kind === 'reaction') return { ...scope, type: 'message.reaction', data: { ...data, emoji: action.emoji } };
  if (action.kind === 'poll-vote')
    return { ...scope, type: 'message.poll_vote', data: { ...data, options: action.options } };
  const { answer, extraGuests } = action;
  return { ...scope, type: 'message.event_response', data: { ...data, answer, extraGuests } };
}

const pinnedUntil = ({ action, at }: Mark): Date | null =>
  action.kind === 'pin' && action.seconds !== null ? new Date(at.getTime() + action.seconds * 1000) : null;

function marked(deed: Mark): NewEvent[] {
  const { target, action } = deed;
  const scope = { tenantId: target.tenantId, sessionId: target.sessionId };
  const data = factsOf(deed);
  const until = pinnedUntil(deed)?.toISOString() ?? null;
  switch (action.kind) {
    case 'revoke':
      return [{ ...scope, type: 'message.revoked', data }];
    case 'delete':
      return [{ ...scope, type: 'message.deleted', data }];
    case 'star':
      return [{ ...scope, type: 'message.starred', data: { ...data, isStarred: action.isStarred } }];
    case 'pin':
      return [{ ...scope, type: 'message.pinned', data: { ...data, isPinned: until !== null, until } }];
    case 'keep':
    case 'edit':
      return []; // nobody is told of what is kept
  }
}

const factsOf = ({ target: { id, messageId, chatId }, by, fromMe, at }: Deed): MessageActionData => ({
  id,
  messageId,
  chatId,
  by,
  fromMe,
  at: at.toISOString(),
});
