import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LabelAssignment } from '@app/database/entities/label-assignment.entity.js';
import { Label } from '@app/database/entities/label.entity.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ChatLabelsController } from './chat-labels.controller.js';
import { LabelListService } from './label-list.service.js';
import { LabelOrdersService } from './label-orders.service.js';
import { LabelsController } from './labels.controller.js';
import { LabelsService } from './labels.service.js';

/** Labels of chats and messages. */
@Module({
  imports: [TypeOrmModule.forFeature([Label, LabelAssignment]), MessagingModule, SessionsModule],
  controllers: [LabelsController, ChatLabelsController],
  providers: [LabelsService, LabelListService, LabelOrdersService],
  exports: [LabelListService],
})
export class LabelsModule {}
