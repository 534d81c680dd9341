import { Inject, Injectable } from '@nestjs/common';
import { HistorySync } from '@app/database/entities/history-sync.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { newId } from '@app/platform/ids/id.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { HistoryChat, HistoryPart } from '@app/whatsapp/history/wa-history.js';
import type { HistoryData } from '@app/platform/events/data/chat-data.js';
import { DataSource, type EntityManager, In } from 'typeorm';
import { ChatMessagesService } from '../messaging/chat-messages.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { ContactNamesService } from '../contacts/contact-names.service.js';
import { ChatProjectionService } from './chat-projection.service.js';
import { ADD_PART, REMEMBER_CHATS } from './chats.queries.js';

const DAY_MS = 86_400_000;

/** Whose history it is, and the journalled stanza that brought it. */
export interface HistoryOrigin {
  tenantId: string;
  sessionId: string;
  /** Of the journal. */
  key: string;
  /** Of the request that it answers. */
  requestId: string | null;
}

/** Stores what the phone shares, each part in one transaction with the event that tells. */
@Injectable()
export class HistoryStoreService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly identities: IdentitiesService,
    private readonly messages: ChatMessagesService,
    private readonly names: ContactNamesService,
    private readonly projection: ChatProjectionService,
    private readonly outbox: Outbox,
  ) {}

  async store(origin: HistoryOrigin, sent: HistoryPart): Promise<void> {
    const { tenantId, sessionId, key } = origin;
    await this.database.transaction(async (tx) => {
      const part = await this.wantedOf(tx, origin, sent);
      await this.identities.learn(
        tx,
        part.pairs.map((pair) => ({ tenantId, sessionId, ...pair })),
      );
      const chats = await this.resolved(tx, sessionId, part.chats);
      await this.remember(tx, origin, chats);
      await this.learnNames(tx, origin, part);
      const stored = await this.messages.storePast(tx, origin, part.messages);
      await this.projection.place(tx, stored);
      if (part.kind) await this.report(tx, origin, part, { chats: chats.length, messages: stored.length });
      await this.messages.markProcessed(tx, sessionId, key);
    });
  }

  /** Gives up on a part that is not to be had any more. */
  async fail({ tenantId, sessionId, key, requestId }: HistoryOrigin): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (requestId) await tx.update(HistorySync, { tenantId, sessionId, requestId }, { state: 'failed' });
      await this.messages.markProcessed(tx, sessionId, key);
    });
  }

  /** What was asked for of a part: phones send more than that, if they like. */
  private async wantedOf(tx: EntityManager, origin: HistoryOrigin, part: HistoryPart): Promise<HistoryPart> {
    const { tenantId, sessionId, requestId } = origin;
    const asked = requestId && (await tx.findOneBy(HistorySync, { tenantId, sessionId, requestId }));
    if (!asked || !asked.wanted) return part;
    const { days, includeGroups = true } = asked.wanted;
    const since = days === undefined ? 0 : asked.createdAt.getTime() - days * DAY_MS;
    const isWanted = ({ chatId }: { chatId: string }) => includeGroups || chatKindOf(chatId) !== 'group';
    const messages = part.messages.filter((message) => isWanted(message) && message.timestamp.getTime() >= since);
    return { ...part, chats: part.chats.filter(isWanted), messages };
  }

  private async remember(
    tx: EntityManager,
    { tenantId, sessionId }: HistoryOrigin,
    chats: HistoryChat[],
  ): Promise<void> {
    const unique = new Map(chats.map((chat) => [chat.chatId, { ...chat, kind: chatKindOf(chat.chatId) }]));
    if (unique.size) await runPrepared(tx, REMEMBER_CHATS, [sessionId, tenantId, JSON.stringify([...unique.values()])]);
  }

  private async learnNames(
    tx: EntityManager,
    { tenantId, sessionId }: HistoryOrigin,
    { names }: HistoryPart,
  ): Promise<void> {
    const named = await this.resolved(
      tx,
      sessionId,
      names.map((name) => ({ ...name, chatId: name.contactId })),
    );
    await this.names.learn(
      tx,
      named.map(({ chatId, name, pushName, verifiedName }) => {
        return { tenantId, sessionId, contactId: chatId, name, pushName, verifiedName };
      }),
    );
  }

  private async resolved<T extends { chatId: string }>(tx: EntityManager, sessionId: string, items: T[]): Promise<T[]> {
    const lids = items.filter(({ chatId }) => chatId.endsWith('@lid')).map(({ chatId: lid }) => ({ sessionId, lid }));
    const phoneOf = await this.identities.phonesOf(tx, lids);
    return items.map((item) => ({ ...item, chatId: phoneOf(sessionId, item.chatId) ?? item.chatId }));
  }

  private async report(
    tx: EntityManager,
    origin: HistoryOrigin,
    { kind, progress }: HistoryPart,
    { chats, messages }: { chats: number; messages: number },
  ): Promise<void> {
    const { tenantId, sessionId, requestId } = origin;
    const id = await this.transferOf(tx, origin, kind ?? 'recent');
    // The first part is whole in itself, the answer to a request for one chat too.
    const isLast = progress >= 100 || kind === 'initial' || kind === 'chat';
    const values = [id, isLast ? 'done' : 'running', isLast ? 100 : progress, chats, messages];
    const [data] = await runPrepared<HistoryData>(tx, ADD_PART, values);
    if (!data) throw new Error(`the transfer ${id} of request ${requestId ?? 'none'} is gone`);
    await this.outbox.add(tx, [{ tenantId, sessionId, type: isLast ? 'history.synced' : 'history.progress', data }]);
  }

  /** The transfer a part belongs to; a new one when nobody asked for it. */
  private async transferOf(
    tx: EntityManager,
    { tenantId, sessionId, requestId }: HistoryOrigin,
    kind: HistorySync['kind'],
  ): Promise<string> {
    const where = requestId ? { requestId } : { kind, state: In(['requested', 'running']) };
    const known = await tx.findOne(HistorySync, { where: { tenantId, sessionId, ...where }, order: { id: 'DESC' } });
    if (known) return known.id;
    const id = newId('history');
    await tx.insert(HistorySync, { id, tenantId, sessionId, kind, state: 'running', requestId });
    return id;
  }
}
