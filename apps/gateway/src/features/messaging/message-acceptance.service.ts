import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Message, MessageContext } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import { AppError, conflict } from '@app/platform/errors/app-error.js';
import { newId } from '@app/platform/ids/id.js';
import { newMessageId } from '@app/whatsapp/api/messages.js';
import { mayAwaitFiles } from '@app/whatsapp/media/file-slots.js';
import { SessionTrafficService } from '../sessions/session-traffic.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { FileUploadsService } from './files/file-uploads.service.js';
import { MessageSenderService } from './message-sender.service.js';
import { UNJUDGED } from './pace/pace.js';
import { QuotaService } from './quota.service.js';
import { MessageStoreService, type NewMessage, type StoredMessage } from './message-store.service.js';

/** A message that is ready to be stored and sent, whatever it says. */
export interface Draft {
  /** waId of the chat. */
  chatId: string;
  /** WhatsApp's id, when the caller has chosen one. */
  messageId?: string;
  type: string;
  text: string | null;
  content: object | null;
  context: MessageContext | null;
  /** Own id of the message that this one changes. */
  targetId?: string;
  /** 0 answer, 1 normal, 2 bulk; absent: by whether the other side wrote within a day. */
  priority?: number;
  /** How long to show that somebody types before it is sent. */
  typingSeconds?: number;
  /** No destination is told that it was sent. */
  isQuiet?: boolean;
  /** The serialised protobuf. */
  proto: Buffer;
  /** Undoes what was done for it alone, when it is refused after all. */
  takeBack?: () => Promise<void>;
}

/** An Idempotency-Key and what it stands for. */
export interface IdempotentRequest {
  /** Same key and same request: the same message. Same key, other request: a conflict. */
  idempotencyKey: string | undefined;
  /** Whatever makes the request the one it is; compared by its JSON. */
  request: object;
  /** Composing it takes so much that a repeat is looked for first. */
  isCostly?: boolean;
}

interface Claim {
  tenantId: string;
  sessionId: string;
  idempotencyKey: string;
  requestHash: Buffer;
}

/** What became of a message that was to be stored. */
interface Kept {
  stored: StoredMessage | null;
  /** The one that has the Idempotency-Key already. */
  known: Message | null;
}

/** Takes messages in: they are stored under their final WhatsApp id before anything is sent. */
@Injectable()
export class MessageAcceptanceService implements OnApplicationShutdown {
  private readonly writes = new GroupCommit<NewMessage, StoredMessage | null>((batch) => this.insert(batch));

  constructor(
    private readonly sessions: SessionsService,
    private readonly traffic: SessionTrafficService,
    private readonly store: MessageStoreService,
    private readonly sender: MessageSenderService,
    private readonly uploads: FileUploadsService,
    private readonly quota: QuotaService,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  /**
   * Stores what `compose` makes and has it sent. `compose` is not called for a repeated request, and gets the waId of the
   * account that sends.
   */
  async accept(
    actor: Actor,
    sessionId: string,
    { idempotencyKey, request, isCostly }: IdempotentRequest,
    compose: (senderId: string) => Draft | Promise<Draft>,
  ): Promise<Message> {
    const { tenantId } = actor;
    const claim =
      idempotencyKey === undefined ? null : { tenantId, sessionId, idempotencyKey, requestHash: hash(request) };
    const repeated = isCostly && claim ? await this.claimed(claim) : null;
    if (repeated) return this.repeat(repeated);
    const composed = await this.compose(actor, sessionId, compose).catch((error: unknown) => error as Error);
    if (composed instanceof Error) {
      // A retry gets the answer of the first try, whatever has become of the session or of a file's URL since.
      const known = claim && (await this.claimed(claim));
      if (known) return known;
      throw composed;
    }
    const message: NewMessage = {
      ...composed,
      id: newId('message'),
      tenantId,
      sessionId,
      messageId: composed.messageId ?? newMessageId(),
      fromMe: true,
      status: 'pending',
      awaitsFiles: mayAwaitFiles(composed.proto),
      timestamp: new Date(),
      ...claim,
    };
    const { stored, known } = await this.keepOrTakeBack(message, claim, composed);
    // Not new and not claimed by another: it was stored, only the database's answer got lost.
    if (known && known.id !== message.id) return this.repeat(known);
    await this.handOver(message, stored);
    return known ?? accepted(message);
  }

  private async repeat(known: Message): Promise<Message> {
    if (known.status === 'pending') await this.sender.nudge(known.sessionId);
    return known;
  }

  private async compose(
    actor: Actor,
    sessionId: string,
    compose: (senderId: string) => Draft | Promise<Draft>,
  ): Promise<Draft & { senderId: string }> {
    const senderId = await this.sendingAccount(actor, sessionId);
    return { ...(await compose(senderId)), senderId };
  }

  private async handOver(message: NewMessage, stored: StoredMessage | null): Promise<void> {
    if (message.awaitsFiles) await this.uploads.handOver(message.sessionId);
    else if (!stored) await this.sender.nudge(message.sessionId);
    // Behind a file it waits in the database, and is found when that is uploaded.
    else if (!stored.isBehindFile) await this.sender.handOver(message);
  }

  /** What was made for a message that is not stored goes with it. */
  private async keepOrTakeBack(
    message: NewMessage,
    claim: Claim | null,
    { messageId, takeBack }: Draft,
  ): Promise<Kept> {
    try {
      const kept = await this.keepWithin(message, claim, messageId !== undefined);
      if (kept.known && kept.known.id !== message.id) await takeBack?.();
      return kept;
    } catch (error) {
      // A failure of the database leaves open whether it was stored.
      if (error instanceof AppError) await takeBack?.();
      throw error;
    }
  }

  /** The same, counted against the quota of the tenant unless it is a repeat. Throws `message.quota-used-up`. */
  private async keepWithin(message: NewMessage, claim: Claim | null, isIdChosen: boolean): Promise<Kept> {
    const { tenantId } = message;
    try {
      await this.quota.take(tenantId);
    } catch (error) {
      const known = claim && (await this.claimed(claim));
      if (known) return { stored: null, known };
      throw error;
    }
    const kept = await this.keep(message, claim, isIdChosen).catch(async (error: unknown) => {
      await this.quota.giveBack(tenantId);
      throw error;
    });
    if (kept.known && kept.known.id !== message.id) await this.quota.giveBack(tenantId);
    return kept;
  }

  /** Stores a message, or finds the one that its Idempotency-Key belongs to. Throws `message.id-taken` for a chosen id. */
  private async keep(message: NewMessage, claim: Claim | null, isIdChosen: boolean): Promise<Kept> {
    const stored = isIdChosen ? await this.store.insertUnique(message) : await this.writes.add(message);
    const known = !stored && claim ? await this.claimed(claim) : null;
    if (isIdChosen && !stored && !known)
      throw conflict('message.id-taken', 'The session has sent another message under this id.');
    return { stored, known };
  }

  /** waId of the account that sends. The live session of this process spares the database a question. */
  private async sendingAccount(actor: Actor, sessionId: string): Promise<string> {
    const live = this.traffic.find(sessionId);
    if (live?.connection && live.tenantId === actor.tenantId) return live.account.waId;
    const { waId, desiredState } = await this.sessions.get(actor, sessionId);
    if (waId === null) throw conflict('session.not-linked', 'The session is not linked to a WhatsApp account.');
    if (desiredState !== 'started') throw conflict('session.not-started', 'The session is stopped; start it first.');
    return waId;
  }

  private async insert(batch: NewMessage[]): Promise<(StoredMessage | null)[]> {
    const stored = await this.store.insert(this.store.messages.manager, batch);
    return batch.map(({ id }) => stored.get(id) ?? null);
  }

  /** The message that an Idempotency-Key belongs to. Throws `idempotency.key-reused` when it is another one. */
  private async claimed({ requestHash, ...where }: Claim): Promise<Message | null> {
    const known = await this.store.messages.findOneBy(where);
    if (!known) return null;
    const { requestHash: knownHash } = await this.store.messages.findOneOrFail({
      select: { requestHash: true },
      where,
    });
    if (knownHash?.equals(requestHash)) return known;
    throw conflict('idempotency.key-reused', 'This Idempotency-Key belongs to another message.');
  }
}

const hash = (value: object): Buffer => createHash('sha256').update(JSON.stringify(value)).digest();

/** The row as it was just stored, without reading it again. */
function accepted(message: NewMessage): Message {
  const now = new Date();
  return {
    ...message,
    targetId: message.targetId ?? null,
    awaitsFiles: message.awaitsFiles ?? false,
    priority: message.priority ?? null,
    urgency: UNJUDGED,
    typingSeconds: message.typingSeconds ?? null,
    isQuiet: message.isQuiet ?? false,
    notBefore: null,
    waitReason: null,
    authorAddress: null,
    editedAt: null,
    revokedAt: null,
    deletedAt: null,
    starredAt: null,
    pinnedUntil: null,
    keptAt: null,
    errorCode: null,
    origin: 'live',
    timeline: [{ status: message.status, at: now.toISOString() }],
    idempotencyKey: null,
    requestHash: null,
    sentAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
