import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/messaging.module.js';
import { NewsletterEventsService } from './newsletter-events.service.js';

/** Newsletters. */
@Module({ imports: [MessagingModule], providers: [NewsletterEventsService] })
export class NewslettersModule {}
