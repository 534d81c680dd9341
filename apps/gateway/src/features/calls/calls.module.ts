import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Call } from '@app/database/entities/call.entity.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { CallEventsService } from './call-events.service.js';
import { CallRejectionsService } from './call-rejections.service.js';
import { CallsController } from './calls.controller.js';
import { CallsService } from './calls.service.js';
import { RejectionRulesService } from './rejection-rules.service.js';

/** Calls, as far as a companion device hears of them and can deal with them. */
@Module({
  imports: [TypeOrmModule.forFeature([Call]), MessagingModule, SessionsModule],
  controllers: [CallsController],
  providers: [CallEventsService, CallRejectionsService, CallsService, RejectionRulesService],
})
export class CallsModule {}
