import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MessageAnswer } from '@app/database/entities/message-answer.entity.js';
import { WaitingAction } from '@app/database/entities/waiting-action.entity.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { MessagingModule } from '../messaging.module.js';
import { IncomingActionsService } from './incoming-actions.service.js';
import { MessageActionsController } from './message-actions.controller.js';
import { MessageActionsService } from './message-actions.service.js';
import { MessageAnswersController } from './message-answers.controller.js';
import { MessageDetailsService } from './message-details.service.js';
import { MessageEffectsService } from './message-effects.service.js';
import { MessageForwardsService } from './message-forwards.service.js';
import { MessageMarksController } from './message-marks.controller.js';
import { OwnMarksService } from './own-marks.service.js';

/** What is done with messages: edits, reactions, votes, stars … */
@Module({
  imports: [TypeOrmModule.forFeature([MessageAnswer, WaitingAction]), MessagingModule, SessionsModule],
  controllers: [MessageActionsController, MessageAnswersController, MessageMarksController],
  providers: [
    IncomingActionsService,
    MessageActionsService,
    MessageDetailsService,
    MessageEffectsService,
    MessageForwardsService,
    OwnMarksService,
  ],
  exports: [MessageActionsService, MessageDetailsService, MessageForwardsService, OwnMarksService],
})
export class MessageActionsModule {}
