import { Body, Controller, Param, Post, Query } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { IdempotencyKey } from '@app/platform/http/idempotency-key.decorator.js';
import { MessageResendService } from '../message-resend.service.js';
import { MessageDto, SendMessageQuery } from '../messages.dto.js';
import {
  ForwardedDto,
  ForwardMessageDto,
  ForwardResultDto,
  MessageActionDto,
  RespondToEventDto,
  VoteDto,
} from './message-actions.dto.js';
import { actFailures } from './act-failures.js';
import { MessageActionsService } from './message-actions.service.js';
import { MessageForwardsService } from './message-forwards.service.js';

@Access('user', 'messages')
@Controller('sessions/:sessionId/messages/:messageId')
export class MessageAnswersController {
  constructor(
    private readonly actions: MessageActionsService,
    private readonly forwards: MessageForwardsService,
    private readonly resending: MessageResendService,
  ) {}

  @Post('votes')
  @Endpoint({
    summary: 'Vote in a poll, in the place of an earlier vote',
    returns: MessageActionDto,
    status: 202,
    fails: [
      ...actFailures,
      'message.not-poll',
      'message.no-secret',
      'invalid:poll.option-unknown',
      'invalid:poll.too-many-options',
    ],
  })
  async vote(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Body() { options }: VoteDto,
    @Query() { wait }: SendMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.vote(actor, order, options));
  }

  @Post('event-response')
  @Endpoint({
    summary: 'Answer an invitation to an event, in the place of an earlier answer',
    returns: MessageActionDto,
    status: 202,
    fails: [...actFailures, 'message.not-event', 'message.no-secret', 'event.no-guests'],
  })
  async respond(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Body() { answer, extraGuests }: RespondToEventDto,
    @Query() { wait }: SendMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.respond(actor, order, { answer, extraGuests }));
  }

  @Post('forward')
  @Endpoint({
    summary: 'Forward a message to many',
    description: 'Answers 202 with one message for each recipient, or why there is none.',
    returns: ForwardResultDto,
    status: 202,
    fails: ['session.not-found', 'message.not-found', 'message.not-forwardable', 'idempotency.key-reused'],
  })
  async forward(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Body() { to }: ForwardMessageDto,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const forwarded = await this.forwards.forward(actor, { sessionId, messageId, idempotencyKey }, to);
    return { items: forwarded.map(ForwardedDto.from) };
  }

  @Post('resend')
  @Endpoint({
    summary: 'Send a failed message again, under the same id',
    returns: MessageDto,
    status: 202,
    fails: ['session.not-found', 'message.not-found', 'message.not-failed'],
  })
  async resend(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
  ) {
    return MessageDto.from(await this.resending.resend(actor, sessionId, messageId));
  }
}
