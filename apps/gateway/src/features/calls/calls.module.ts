import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Call } from '@app/database/entities/call.entity.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { CallEventsService } from './call-events.service.js';

/** Calls, as far as a companion device hears of them. */
@Module({ imports: [TypeOrmModule.forFeature([Call]), MessagingModule], providers: [CallEventsService] })
export class CallsModule {}
