import { Body, Controller, Delete, Param, Patch, Put, Query } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { IdempotencyKey } from '@app/platform/http/idempotency-key.decorator.js';
import { actFailures } from './act-failures.js';
import { ActOnMessageQuery, EditMessageDto, MessageActionDto, PinMessageDto, ReactDto } from './message-actions.dto.js';
import { MessageActionsService } from './message-actions.service.js';

const acts = [...actFailures, 'invalid:message.key-incomplete'];
const description =
  'Answers 202 once the action is stored; it is sent from then on and shows in the message once WhatsApp has it. With `wait=server_ack` the answer comes then.';

@Access('user', 'messages')
@Controller('sessions/:sessionId/messages/:messageId')
export class MessageActionsController {
  constructor(private readonly actions: MessageActionsService) {}

  @Patch()
  @Endpoint({
    summary: 'Edit an own message',
    description: `${description} A text gets another \`text\`, a picture, video or document another \`caption\`, within 15 minutes; a post of a newsletter within 30 days.`,
    returns: MessageActionDto,
    status: 202,
    fails: [
      ...acts,
      'message.not-own',
      'message.too-late',
      'message.not-editable',
      'invalid:message.not-text',
      'invalid:message.text-or-caption',
      'invalid:message.option-refused',
      'session.not-connected',
      'timeout:session.no-answer',
      'timeout:whatsapp.no-answer',
    ],
  })
  async edit(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Body() words: EditMessageDto,
    @Query() { wait, ...key }: ActOnMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, key, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.edit(actor, order, words));
  }

  @Delete()
  @Endpoint({
    summary: 'Delete a message for everybody: an own one, or as admin of the group or newsletter',
    description: `${description} What it said is kept here, marked with \`revokedAt\`.`,
    returns: MessageActionDto,
    status: 202,
    fails: [
      ...acts,
      'message.not-own',
      'forbidden:group.not-admin',
      'forbidden:newsletter.forbidden',
      'newsletter.not-found',
      'gone:newsletter.deleted',
      'session.not-connected',
      'timeout:whatsapp.no-answer',
    ],
  })
  async revoke(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Query() { wait, ...key }: ActOnMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return MessageActionDto.from(await this.actions.revoke(actor, { sessionId, messageId, key, wait, idempotencyKey }));
  }

  @Put('reactions')
  @Endpoint({
    summary: 'React to a message, in the place of an earlier reaction',
    description,
    returns: MessageActionDto,
    status: 202,
    fails: acts,
  })
  async react(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Body() { emoji }: ReactDto,
    @Query() { wait, ...key }: ActOnMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, key, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.react(actor, order, emoji));
  }

  @Delete('reactions')
  @Endpoint({ summary: 'Take a reaction back', description, returns: MessageActionDto, status: 202, fails: acts })
  async unreact(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Query() { wait, ...key }: ActOnMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, key, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.react(actor, order, null));
  }

  @Put('pin')
  @Endpoint({
    summary: 'Pin a message in its chat, for everybody',
    description,
    returns: MessageActionDto,
    status: 202,
    fails: acts,
  })
  async pin(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Body() { days }: PinMessageDto,
    @Query() { wait, ...key }: ActOnMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, key, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.pin(actor, order, days));
  }

  @Delete('pin')
  @Endpoint({ summary: 'Take the pin away', description, returns: MessageActionDto, status: 202, fails: acts })
  async unpin(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Query() { wait, ...key }: ActOnMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const order = { sessionId, messageId, key, wait, idempotencyKey };
    return MessageActionDto.from(await this.actions.pin(actor, order, null));
  }
}
