import { Module } from '@nestjs/common';
import { ContactsModule } from '../../contacts/contacts.module.js';
import { PrivacyModule } from '../../privacy/privacy.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { MessageActionsModule } from '../actions/message-actions.module.js';
import { MessagingModule } from '../messaging.module.js';
import { StatusAudienceService } from './status-audience.service.js';
import { StatusesController } from './statuses.controller.js';
import { StatusesService } from './statuses.service.js';

/** Statuses: messages to whom it may concern, for a day. */
@Module({
  imports: [MessagingModule, MessageActionsModule, ContactsModule, PrivacyModule, SessionsModule],
  controllers: [StatusesController],
  providers: [StatusesService, StatusAudienceService],
})
export class StatusesModule {}
