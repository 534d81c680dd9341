import { Injectable, type OnModuleInit } from '@nestjs/common';
import { readHistoryNotice, readHistoryRefusal } from '@app/whatsapp/history/history-notice.js';
import type { WaReceipt } from '@app/whatsapp/map/receipt.js';
import type { JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';
import type { WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { MessageReceiverService } from './message-receiver.service.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { MessageStoreService } from './message-store.service.js';

/** Hands what happens on the wire to those who deal with it. */
@Injectable()
export class MessageTrafficService implements Partial<TrafficHandler>, OnModuleInit {
  constructor(
    private readonly traffic: SessionTrafficService,
    private readonly receiver: MessageReceiverService,
    private readonly sender: MessageSenderService,
    private readonly statuses: MessageStatusesService,
    private readonly store: MessageStoreService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
  }

  onJournalled(session: LiveSession, entry: JournalEntry): void {
    // History is another's work, who also marks it as done.
    const isHistory = readHistoryNotice(entry, session.account) ?? readHistoryRefusal(entry, session.account);
    if (!isHistory) this.receiver.receive(session, entry);
  }

  onReceipt(session: LiveSession, { messageIds, ...receipt }: WaReceipt): void {
    for (const messageId of messageIds) void this.statuses.record({ session, messageId, ...receipt });
  }

  onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind === 'identities') void this.receiver.learn(session, update.pairs);
  }

  onReady(session: LiveSession): void {
    void this.sender.refill(session, true);
  }

  findSent({ sessionId }: LiveSession, messageId: string): Promise<Buffer | null> {
    return this.store.findSent(sessionId, messageId);
  }

  findAudience({ sessionId }: LiveSession, messageId: string): Promise<string[]> {
    return this.store.findAudience(sessionId, messageId);
  }
}
