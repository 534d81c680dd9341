import { Injectable } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { type IdentityRow, IdentitiesService } from '../messaging/identities.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type Addressee, ContactPeopleService } from './contact-people.service.js';

/** Phone numbers and the opaque ids that belong to them. */
@Injectable()
export class ContactIdentitiesService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly people: ContactPeopleService,
  ) {}

  /** The pairs that the session has learnt, by opaque id. */
  async list(actor: Actor, sessionId: string, { limit, cursor }: PageQuery): Promise<Page<IdentityRow>> {
    await this.sessions.get(actor, sessionId);
    const [after = ''] = decodeCursor(cursor) ?? [];
    const rows = await this.identities.list(sessionId, { after, limit: limit + 1 });
    return toPage(rows, limit, ({ lid }) => lid);
  }

  /** In either direction. WhatsApp is asked for the opaque ids that are missing; it tells no phone numbers. */
  async find(actor: Actor, sessionId: string, ids: string[], pointer?: string): Promise<Addressee[]> {
    return this.people.complete(actor, sessionId, await this.people.find(actor, sessionId, ids, pointer));
  }
}
