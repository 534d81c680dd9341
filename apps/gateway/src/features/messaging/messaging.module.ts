import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Message } from '@app/database/entities/message.entity.js';
import { WaIdentity } from '@app/database/entities/wa-identity.entity.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ChatMessagesService } from './chat-messages.service.js';
import { IdentitiesService } from './identities.service.js';
import { MessageAcceptanceService } from './message-acceptance.service.js';
import { MessageProjectionsService } from './message-projections.service.js';
import { MessageReceiverService } from './message-receiver.service.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { MessageStoreService } from './message-store.service.js';
import { MessageTrafficService } from './message-traffic.service.js';
import { MessageWatchdogService } from './message-watchdog.service.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';

/** Messages in and out. */
@Module({
  imports: [TypeOrmModule.forFeature([Message, WaIdentity]), SessionsModule],
  controllers: [MessagesController],
  providers: [
    MessagesService,
    ChatMessagesService,
    MessageAcceptanceService,
    MessageProjectionsService,
    MessageStoreService,
    MessageSenderService,
    MessageStatusesService,
    MessageReceiverService,
    MessageTrafficService,
    MessageWatchdogService,
    IdentitiesService,
  ],
  exports: [MessagesService, ChatMessagesService, IdentitiesService, MessageProjectionsService],
})
export class MessagingModule {}
