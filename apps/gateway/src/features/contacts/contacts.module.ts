import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/messaging.module.js';
import { ContactEventsService } from './contact-events.service.js';

/** What WhatsApp knows about people. */
@Module({ imports: [MessagingModule], providers: [ContactEventsService] })
export class ContactsModule {}
