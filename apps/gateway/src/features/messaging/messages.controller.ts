import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { type FormOrJson, FormOrJsonBody, TakesFormOrJson } from '@app/platform/http/form-or-json.js';
import { IdempotencyKey } from '@app/platform/http/idempotency-key.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import type { FastifyReply } from 'fastify';
import { sendableMessages } from './content/all-types.js';
import type { SendMessageDto } from './content/send-message.dto.js';
import { ListMessagesQuery, MessageDto, SendMessageQuery } from './messages.dto.js';
import { MessageFormsService } from './message-forms.service.js';
import { MessageListService } from './message-list.service.js';
import { MessagesService } from './messages.service.js';

@Access('user', 'messages')
@Controller('sessions/:sessionId/messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly forms: MessageFormsService,
    private readonly lists: MessageListService,
  ) {}

  @Post()
  @TakesFormOrJson(sendableMessages)
  @Endpoint({
    summary: 'Send a message',
    description:
      'Answers 202 once the message is stored; it is sent from then on, whatever happens. With `wait=server_ack` it answers 200 once WhatsApp took or refused it, and 202 when that takes too long. As a form it takes the same fields and one file, the part `file`; lists and objects are JSON there.',
    returns: MessageDto,
    status: 202,
    also: [200],
    fails: [
      'session.not-found',
      'message.not-found',
      'session.not-linked',
      'session.not-started',
      'idempotency.key-reused',
      'rate-limited:message.quota-used-up',
      'rate-limited:number.too-many-checks',
      'message.id-taken',
      'session.not-connected',
      'invalid:message.not-on-whatsapp',
      'invalid:message.option-refused',
      'invalid:message.not-for-newsletters',
      'invalid:message.not-for-statuses',
    ],
  })
  async send(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @FormOrJsonBody(sendableMessages) input: FormOrJson<SendMessageDto>,
    @Query() { wait }: SendMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const accepted = await this.forms.read(input, (body) => {
      const order = { to: body.to, content: body.content(), files: body.files(), options: body.how(), idempotencyKey };
      return this.messages.accept(actor, sessionId, order);
    });
    if (wait === undefined) return MessageDto.from(accepted);
    const { message, isSettled } = await this.messages.settle(accepted);
    if (isSettled) void reply.status(200);
    return MessageDto.from(message);
  }

  @Get()
  @Endpoint({
    summary: 'List or search messages, the newest first',
    returns: MessageDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: ListMessagesQuery) {
    return mapPage(await this.lists.list(actor, sessionId, query), MessageDto.from);
  }
}
