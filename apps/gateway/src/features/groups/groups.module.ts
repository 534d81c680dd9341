import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/messaging.module.js';
import { GroupEventsService } from './group-events.service.js';

/** Groups and communities. */
@Module({ imports: [MessagingModule], providers: [GroupEventsService] })
export class GroupsModule {}
