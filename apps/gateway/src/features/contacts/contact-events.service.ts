import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ContactChanges } from '@app/platform/events/data/contact-data.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { ContactBlocksService } from './contact-blocks.service.js';
import { NoticesService, type Scene } from '../messaging/notices.service.js';

/** Tells what people change about themselves, and whom the account blocks. */
@Injectable()
export class ContactEventsService implements OnModuleInit {
  constructor(
    private readonly notices: NoticesService,
    private readonly blocks: ContactBlocksService,
  ) {}

  onModuleInit(): void {
    this.notices.on('contact-picture', (_, notice) => updated(notice, { picture: notice.fact.picture }));
    this.notices.on('contact-about', (_, notice) => updated(notice, { about: notice.fact.about }));
    this.notices.on('contact-blocked', (tx, { session, people, fact, at }) => {
      const { tenantId, sessionId } = session;
      return this.blocks.record(tx, { tenantId, sessionId }, people, { isBlocked: fact.isBlocked, at });
    });
  }
}

const updated = (notice: Scene, changes: ContactChanges): NewEvent[] =>
  notice.people.map((person) => ({ ...scopeOf(notice), type: 'contact.updated', data: { person, changes } }));

const scopeOf = ({ session: { tenantId, sessionId } }: Scene) => ({ tenantId, sessionId });
