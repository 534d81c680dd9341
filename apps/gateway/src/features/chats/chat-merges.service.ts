import { Injectable, type OnModuleInit } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { EntityManager } from 'typeorm';
import { IdentitiesService, type Identity } from '../messaging/identities.service.js';
import { MERGE_CHATS } from './chats.queries.js';

/** One chat per person: what began under an opaque id becomes the phone number's, in the transaction that learns of it. */
@Injectable()
export class ChatMergesService implements OnModuleInit {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.identities.onLearnt((tx, pairs) => this.merge(tx, pairs));
  }

  private async merge(tx: EntityManager, pairs: Identity[]): Promise<void> {
    const columns = [
      pairs.map(({ sessionId }) => sessionId),
      pairs.map(({ lid }) => lid),
      pairs.map(({ phone }) => phone),
    ];
    const merged = await runPrepared<Identity>(tx, MERGE_CHATS, columns);
    await this.outbox.add(
      tx,
      merged.map(({ tenantId, sessionId, lid, phone }) => {
        const data = { waId: phone, phone, lid, mergedId: lid };
        return { tenantId, sessionId, type: 'contact.merged', data };
      }),
    );
  }
}
