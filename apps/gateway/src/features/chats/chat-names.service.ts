import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { WaContact } from '@app/database/entities/wa-contact.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { LRUCache } from 'lru-cache';
import type { EntityManager, Repository } from 'typeorm';
import { LEARN_NAMES } from './chats.queries.js';

/** What somebody is called; what is left out or null stays as it was. */
export interface LearntName {
  tenantId: string;
  sessionId: string;
  contactId: string;
  name?: string | null;
  pushName?: string | null;
  verifiedName?: string | null;
}

/** The names of people on WhatsApp, as each session knows them. */
@Injectable()
export class ChatNamesService {
  /** Everybody says their name with every message: what was said before needs no statement. */
  private readonly known = new LRUCache<string, string>({ max: 50_000 });

  constructor(@InjectRepository(WaContact) readonly contacts: Repository<WaContact>) {}

  async learn(tx: EntityManager, names: LearntName[]): Promise<void> {
    const fresh = names.filter((name) => this.known.get(keyOf(name)) !== said(name));
    if (!fresh.length) return;
    const text = (value: string | null | undefined) => value?.replaceAll('\0', '') || null;
    await runPrepared(tx, LEARN_NAMES, [
      fresh.map(({ sessionId }) => sessionId),
      fresh.map(({ contactId }) => contactId),
      fresh.map(({ tenantId }) => tenantId),
      fresh.map(({ name }) => text(name)),
      fresh.map(({ pushName }) => text(pushName)),
      fresh.map(({ verifiedName }) => text(verifiedName)),
    ]);
    for (const name of fresh) this.known.set(keyOf(name), said(name));
  }
}

const keyOf = ({ sessionId, contactId }: LearntName) => `${sessionId} ${contactId}`;
const said = ({ name, pushName, verifiedName }: LearntName) => JSON.stringify([name, pushName, verifiedName]);
