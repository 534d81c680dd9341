import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Chat } from '@app/database/entities/chat.entity.js';
import { HistorySync } from '@app/database/entities/history-sync.entity.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AutoReadService } from './auto-read.service.js';
import { ChatOrdersController } from './chat-orders.controller.js';
import { ChatOrdersService } from './chat-orders.service.js';
import { ChatProjectionService } from './chat-projection.service.js';
import { ChatSettingsService } from './chat-settings.service.js';
import { ChatTimerSourceService } from './chat-timer-source.service.js';
import { ChatTrafficService } from './chat-traffic.service.js';
import { ChatMergesService } from './chat-merges.service.js';
import { HistoryReceiverService } from './history-receiver.service.js';
import { HistoryStoreService } from './history-store.service.js';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';
import { WhatsappModule } from '@app/whatsapp/whatsapp.module.js';
import { ChatsController } from './chats.controller.js';
import { ChatsService } from './chats.service.js';

/** The chats of sessions and their history. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Chat, HistorySync]),
    ContactsModule,
    WhatsappModule,
    SessionsModule,
    MessagingModule,
  ],
  controllers: [ChatsController, ChatOrdersController, HistoryController],
  providers: [
    ChatsService,
    AutoReadService,
    ChatProjectionService,
    ChatSettingsService,
    ChatOrdersService,
    ChatTimerSourceService,
    ChatTrafficService,
    HistoryService,
    HistoryReceiverService,
    ChatMergesService,
    HistoryStoreService,
  ],
  exports: [ChatsService, ChatOrdersService, HistoryService],
})
export class ChatsModule {}
