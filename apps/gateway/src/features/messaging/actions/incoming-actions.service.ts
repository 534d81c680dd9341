import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { storableJson } from '@app/database/storable-json.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type { ActionKind, MessageAction } from '@app/platform/events/message-action.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import { openAnswer } from '@app/whatsapp/actions/open-answer.js';
import type { InboundAction } from '@app/whatsapp/map/inbound-message.js';
import { DataSource, type EntityManager } from 'typeorm';
import { IdentitiesService } from '../identities.service.js';
import { unstoredTarget } from '../message-ids.js';
import { MessageMarksService, type TargetMessage } from '../message-marks.service.js';
import {
  type ActingSession,
  type ActionHandler,
  type AwaitedMessage,
  MessageProjectionsService,
  type SeenAction,
  type TakenAction,
} from '../message-projections.service.js';
import { TAKE_WAITING, TAKE_WAITING_FOR_MESSAGES, WAIT } from './message-answers.queries.js';
import { type Deed, MessageEffectsService } from './message-effects.service.js';

/** Every address that is known of somebody. */
type Addresses = (sessionId: string, waId: string) => string[];
type Verdict = { deed: Deed } | { waitsFor: 'message' | 'address' } | null;

interface WaitingRow {
  sessionId: string;
  action: Omit<InboundAction, 'proto' | 'timestamp'> & { timestamp: string };
  proto: Buffer | null;
}

/** While the database is away what was seen waits here; messages are in the journal as well. */
const PATIENCE_MS = 300_000;
const needsProto = ({ kind }: InboundAction['action']) => kind === 'sealed' || kind === 'edit';

/**
 * Takes in what is done with messages: by contacts, on other devices of the account, and from here once WhatsApp has it.
 * What cannot be applied yet waits in a row, for its message or for the addresses that it is sealed with.
 */
@Injectable()
export class IncomingActionsService implements ActionHandler, OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(IncomingActionsService.name);
  private readonly writes = new GroupCommit<SeenAction>((batch) => this.commit(batch), { patienceMs: PATIENCE_MS });
  private readonly retries = new GroupCommit<ActingSession>((batch) => this.retry(batch), { lingerMs: 20 });

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly projections: MessageProjectionsService,
    private readonly identities: IdentitiesService,
    private readonly marks: MessageMarksService,
    private readonly effects: MessageEffectsService,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.projections.registerActions(this);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
    await this.retries.settled();
  }

  /** Takes in what no stanza brought. Resolves when it is committed. */
  async record(action: SeenAction): Promise<void> {
    await this.writes.add(action);
  }

  async seen(tx: EntityManager, actions: SeenAction[]): Promise<NewEvent[]> {
    if (!actions.length) return [];
    const targets = await this.marks.lock(
      tx,
      actions.map(({ session: { sessionId }, inbound: { targetMessageId, action } }) => ({
        sessionId,
        messageId: targetMessageId,
        withProto: needsProto(action),
      })),
    );
    const addresses = await this.addresses(tx, actions, targets);
    const deeds: Deed[] = [];
    const waiting: (SeenAction & { waitsFor: string })[] = [];
    for (const action of actions) {
      const verdict = judge(action, targets, addresses);
      if (verdict && 'deed' in verdict) deeds.push(verdict.deed);
      else if (verdict) waiting.push({ ...action, waitsFor: verdict.waitsFor });
    }
    if (waiting.length) await runPrepared(tx, WAIT, waitingColumns(waiting));
    return this.effects.apply(tx, deeds);
  }

  async arrived(tx: EntityManager, messages: AwaitedMessage[]): Promise<NewEvent[]> {
    const rows = await runPrepared<WaitingRow>(tx, TAKE_WAITING_FOR_MESSAGES, [
      messages.map(({ session }) => session.sessionId),
      messages.map(({ messageId }) => messageId),
    ]);
    const sessions = new Map(messages.map(({ session }) => [session.sessionId, session]));
    return this.seen(
      tx,
      rows.flatMap((row) => revived(row, sessions.get(row.sessionId))),
    );
  }

  async taken(tx: EntityManager, actions: TakenAction[]): Promise<NewEvent[]> {
    if (!actions.length) return [];
    const edits = actions.filter(({ message }) => message.type === 'edit').map(({ message }) => message.id);
    const protos = await this.marks.protos(tx, edits);
    const wanted = actions.flatMap(({ message: { targetId, type } }) =>
      targetId === null ? [] : [{ id: targetId, withProto: type === 'edit' }],
    );
    const targets = new Map((await this.marks.lockById(tx, wanted)).map((target) => [target.id, target]));
    const deeds = actions.flatMap(({ session, message, at }): Deed[] => {
      const target = targets.get(message.targetId ?? '');
      const proto = protos.get(message.id) ?? null;
      const { messageId } = message;
      return target
        ? [{ target, action: actionOf(message), by: session.account, fromMe: true, at, messageId, proto }]
        : [];
    });
    const events = await this.effects.apply(tx, deeds);
    // The message may come yet, or have come in between.
    return [
      ...events,
      ...(await this.seen(
        tx,
        actions.flatMap((action) => asSeen(action, protos)),
      )),
    ];
  }

  /** More may be possible now. A failure is logged: the same is tried again at the next occasion. */
  onAddresses(session: ActingSession): void {
    this.retries
      .add(session)
      .catch((error: unknown) =>
        this.logger.error('waiting actions could not be looked at', error instanceof Error ? error.stack : undefined),
      );
  }

  private async commit(batch: SeenAction[]): Promise<void[]> {
    await this.database.transaction(async (tx) => this.outbox.add(tx, await this.seen(tx, batch)));
    return batch.map(() => undefined);
  }

  private async retry(batch: ActingSession[]): Promise<void[]> {
    const sessions = new Map(batch.map((session) => [session.sessionId, session]));
    for (const session of sessions.values())
      await this.database.transaction(async (tx) => {
        const rows = await runPrepared<WaitingRow>(tx, TAKE_WAITING, [session.sessionId]);
        await this.outbox.add(
          tx,
          await this.seen(
            tx,
            rows.flatMap((row) => revived(row, session)),
          ),
        );
      });
    return batch.map(() => undefined);
  }

  private addresses(tx: EntityManager, actions: SeenAction[], targets: TargetMessage[]): Promise<Addresses> {
    const people = [
      ...actions.flatMap(({ session: { sessionId }, inbound: { sender, chatId } }) =>
        [sender.waId, chatId].map((waId) => ({ sessionId, waId })),
      ),
      ...targets.flatMap(({ sessionId, senderId, chatId }) => [senderId, chatId].map((waId) => ({ sessionId, waId }))),
    ];
    return this.identities.addressesOf(tx, targets.length ? people.filter(({ waId }) => isPerson(waId)) : []);
  }
}

const hasAdmins = (chatId: string) => ['group', 'newsletter'].includes(chatKindOf(chatId));

const isPerson = (waId: string) => !waId.includes('@') || waId.endsWith('@lid');

/** What becomes of an action: it takes effect, waits, or means nothing. */
function judge({ session, inbound }: SeenAction, targets: TargetMessage[], addresses: Addresses): Verdict {
  const { sessionId, account } = session;
  const known = targets.filter(
    (target) => target.sessionId === sessionId && target.messageId === inbound.targetMessageId,
  );
  if (!known.length) return { waitsFor: 'message' };
  const isSame = (one: string, other: string) => addresses(sessionId, one).includes(other);
  const target = known.find(({ chatId }) => isSame(chatId, inbound.chatId));
  // An id of another chat: a stranger's, or the same chat under an address that is not known to belong to it.
  if (!target) return isPerson(inbound.chatId) ? { waitsFor: 'address' } : null;
  const own = [account.waId, account.lid].filter((waId) => waId !== null);
  const namesOf = (waId: string) => (own.includes(waId) ? own : addresses(sessionId, waId));
  const { waId, lid, phone } = inbound.sender;
  const doers = inbound.fromMe
    ? own
    : [...new Set([...addresses(sessionId, waId), phone, lid].filter((id) => id !== null))];
  const authors = [...new Set([...namesOf(target.senderId), ...(target.authorAddress ? [target.authorAddress] : [])])];
  const action = opened(inbound.action, target, authors, doers);
  if (!action) return { waitsFor: 'address' };
  if (
    !isAllowed(
      action,
      inbound,
      authors.some((author) => doers.includes(author)),
    )
  )
    return doers.length === 1 ? { waitsFor: 'address' } : null;
  const { sender: by, fromMe, timestamp: at, messageId, proto } = inbound;
  return { deed: { target, action, by: fromMe ? account : by, fromMe, at, messageId, proto } };
}

const actionOf = ({ type, content }: TakenAction['message']) =>
  ({ kind: type as ActionKind, ...content }) as MessageAction;

/** Something done from here with a message that was not stored, in the way in which others' deeds come in. */
function asSeen({ session, message, at }: TakenAction, protos: Map<string, Buffer>): SeenAction[] {
  const { id, messageId, chatId, targetId } = message;
  const targetMessageId = targetId && unstoredTarget(targetId);
  if (!targetMessageId) return [];
  const proto = protos.get(id) ?? Buffer.alloc(0);
  // WhatsApp has taken it: whoever deletes another's message is an admin.
  const inbound = { kind: 'action' as const, messageId, chatId, targetMessageId, isByAdmin: hasAdmins(chatId) };
  const done = { sender: session.account, fromMe: true, timestamp: at, proto, action: actionOf(message) };
  return [{ session, inbound: { ...inbound, ...done } }];
}

function opened(
  action: InboundAction['action'],
  { messageId, proto }: TargetMessage,
  authors: string[],
  doers: string[],
): MessageAction | null {
  if (action.kind !== 'sealed') return action;
  return proto && openAnswer(action, { messageId, proto, authors }, doers);
}

/** Only its author edits a message, but for posts of newsletters; its author or an admin of the group deletes it. */
function isAllowed({ kind }: MessageAction, { isByAdmin, chatId }: InboundAction, isAuthor: boolean): boolean {
  if (kind === 'edit') return isAuthor || (isByAdmin && chatId.endsWith('@newsletter'));
  return kind !== 'revoke' || isAuthor || isByAdmin;
}

function revived({ action, proto }: WaitingRow, session: ActingSession | undefined): SeenAction[] {
  if (!session) return [];
  const inbound = { ...action, timestamp: new Date(action.timestamp), proto: proto ?? Buffer.alloc(0) };
  return [{ session, inbound }];
}

function waitingColumns(waiting: (SeenAction & { waitsFor: string })[]): unknown[] {
  const withoutProto = ({ proto: _, ...rest }: InboundAction) => storableJson(rest);
  return [
    waiting.map(({ session }) => session.sessionId),
    waiting.map(({ inbound }) => inbound.targetMessageId),
    waiting.map(({ inbound }) => inbound.messageId),
    waiting.map(({ session }) => session.tenantId),
    waiting.map(({ waitsFor }) => waitsFor),
    waiting.map(({ inbound }) => withoutProto(inbound)),
    waiting.map(({ inbound }) => inbound.proto),
  ];
}
