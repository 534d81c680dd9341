import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { Turns } from '@app/platform/batching/turns.js';
import { conflict } from '@app/platform/errors/app-error.js';
import type { LabelsApi, WantedAssignment, WantedLabel, WrittenLabel } from '@app/whatsapp/api/labels.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { MessagesService } from '../messaging/messages.service.js';
import { command, problemOf, SessionCommandsService } from '../sessions/session-commands.service.js';
import { LabelListService, type ShownLabel } from './label-list.service.js';
import { LabelsService } from './labels.service.js';

interface Owner {
  tenantId: string;
  sessionId: string;
}

/** A new label; WhatsApp's apps count their ids. */
export interface NewLabel {
  labelId: string | null;
  name: string;
  color: number;
}

/** A message by WhatsApp's id. */
export interface NamedMessage {
  chatId: string;
  messageId: string;
}

/** What a label is to be put on, or taken off. */
export interface LabelTargets {
  chatIds: string[];
  /** Stored messages by either id. */
  messageIds: string[];
  /** Messages that need not be stored. */
  messages: NamedMessage[];
}

/** What became of one chat or message. */
export interface LabelOutcome {
  chatId: string | null;
  messageId: string | null;
  isAssigned: boolean;
  /** Null when it was done. */
  problem: { code: string; detail: string } | null;
}

const create = command<NewLabel, string>('labels.create');
const edit = command<WantedLabel>('labels.edit');
const assign = command<WantedAssignment>('labels.assign');

/** Does things with labels on WhatsApp, and stores here what WhatsApp has taken. */
@Injectable()
export class LabelOrdersService implements OnModuleInit {
  /** One at a time, a session: two new labels would get the same id. */
  private readonly turns = new Map<string, Turns>();

  constructor(
    private readonly list: LabelListService,
    private readonly labels: LabelsService,
    private readonly identities: IdentitiesService,
    private readonly messages: MessagesService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(create, ({ labels }, label, session) =>
      this.inTurn(session, () => this.create(labels, label, session)),
    );
    this.commands.on(edit, async ({ labels }, label, session) => this.store(session, await labels.edit(label)));
    this.commands.on(assign, async ({ labels }, what, session) => this.store(session, await labels.assign(what)));
  }

  /** Throws `label.name-taken`, `label.id-taken`. */
  async add(actor: Actor, sessionId: string, label: NewLabel): Promise<ShownLabel> {
    const labelId = await this.commands.run(actor, sessionId, create, label);
    return this.list.get(actor, sessionId, labelId);
  }

  /** Throws `label.not-found`, `label.name-taken`. */
  async change(
    actor: Actor,
    sessionId: string,
    labelId: string,
    changes: Partial<Pick<ShownLabel, 'name' | 'color'>>,
  ): Promise<ShownLabel> {
    const known = await this.list.get(actor, sessionId, labelId);
    const { name = known.name, color = known.color } = changes;
    if (name !== known.name) assertFree(await this.list.known(sessionId), name, labelId);
    await this.commands.run(actor, sessionId, edit, { labelId, name, color, isDeleted: false });
    return this.list.get(actor, sessionId, labelId);
  }

  async remove(actor: Actor, sessionId: string, labelId: string): Promise<void> {
    const { name, color } = await this.list.get(actor, sessionId, labelId);
    await this.commands.run(actor, sessionId, edit, { labelId, name, color, isDeleted: true });
  }

  /** Puts a label on chats and messages, or takes it off, each with an outcome of its own. */
  async assign(
    actor: Actor,
    sessionId: string,
    labelId: string,
    targets: LabelTargets,
    isAssigned: boolean,
  ): Promise<LabelOutcome[]> {
    await this.list.get(actor, sessionId, labelId);
    const { chatIds, messageIds, messages } = targets;
    const outcomes: LabelOutcome[] = [];
    const put = async (target: LabelTarget, find: () => Promise<LabelTarget>) => {
      const problem = await find()
        .then((found) => this.put(actor, sessionId, { labelId, ...found, isAssigned }))
        .then(() => null, problemOf);
      outcomes.push({ ...target, isAssigned: problem ? !isAssigned : isAssigned, problem });
    };
    for (const chatId of chatIds) await put({ chatId, messageId: null }, async () => ({ chatId, messageId: null }));
    for (const message of messages) await put(message, async () => message);
    for (const id of messageIds)
      await put({ chatId: null, messageId: id }, async () => {
        const { chatId, messageId } = await this.messages.get(actor, sessionId, id);
        return { chatId, messageId };
      });
    return outcomes;
  }

  /** Changes which labels a chat has; answers them. Throws `label.not-found` before anything is changed. */
  async relabel(
    actor: Actor,
    sessionId: string,
    chatId: string,
    { add, remove }: { add: string[]; remove: string[] },
  ): Promise<ShownLabel[]> {
    for (const labelId of [...add, ...remove]) await this.list.get(actor, sessionId, labelId);
    for (const labelId of add) await this.put(actor, sessionId, { labelId, chatId, messageId: null, isAssigned: true });
    for (const labelId of remove)
      await this.put(actor, sessionId, { labelId, chatId, messageId: null, isAssigned: false });
    return this.list.ofChat(actor, sessionId, chatId);
  }

  private async put(actor: Actor, sessionId: string, what: PartialAssignment): Promise<void> {
    const chatId = await this.identities.resolve(sessionId, what.chatId ?? '');
    await this.commands.run(actor, sessionId, assign, { ...what, chatId });
  }

  private async create(api: LabelsApi, { labelId, name, color }: NewLabel, session: Owner): Promise<string> {
    const known = await this.list.known(session.sessionId);
    assertFree(known, name, null);
    if (labelId !== null && typeof known.get(labelId) === 'string')
      throw conflict('label.id-taken', 'There is a label with this id already.');
    const numbers = [...known.keys()].map(Number).filter((number) => Number.isSafeInteger(number));
    const id = labelId ?? String(Math.max(0, ...numbers) + 1);
    await this.store(session, await api.edit({ labelId: id, name, color, isDeleted: false }));
    return id;
  }

  private async inTurn<T>({ sessionId }: Owner, work: () => Promise<T>): Promise<T> {
    const turns = this.turns.get(sessionId) ?? new Turns(1);
    this.turns.set(sessionId, turns);
    return turns.take(work);
  }

  private async store({ tenantId, sessionId }: Owner, written: WrittenLabel): Promise<void> {
    await this.labels.apply({ tenantId, sessionId }, [written.setting]);
    written.stored();
  }
}

interface LabelTarget {
  chatId: string | null;
  messageId: string | null;
}
type PartialAssignment = Omit<WantedAssignment, 'chatId'> & { chatId: string | null };

function assertFree(known: Map<string, string | null>, name: string, own: string | null): void {
  const isTaken = [...known].some(([id, other]) => id !== own && other?.toLowerCase() === name.toLowerCase());
  if (isTaken) throw conflict('label.name-taken', 'There is a label with this name already.');
}
