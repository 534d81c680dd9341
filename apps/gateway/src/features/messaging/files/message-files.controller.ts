import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { serveContent } from '@app/platform/http/serve-content.js';
import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MessageDto } from '../messages.dto.js';
import { CardQuery } from './message-files.dto.js';
import { MessageFilesService } from './message-files.service.js';

@Access('user', 'messages')
@Controller('sessions/:sessionId/messages/:messageId/media')
export class MessageFilesController {
  constructor(private readonly files: MessageFilesService) {}

  @Get()
  @Endpoint({
    summary: 'Download the file of a message',
    description:
      'Takes `Range`, `If-Range` and `If-None-Match`. A file that is not in the library is downloaded from WhatsApp from then on, and the answer is 409 `media.not-ready`: ask again, or wait for the event `message.media`.',
    returns: null,
    status: 200,
    also: [206],
    produces: ['application/octet-stream'],
    fails: [
      'session.not-found',
      'message.not-found',
      'not-found:message.no-file',
      'not-found:media.gone',
      'media.not-ready',
      'media.failed',
      'range:request.range',
    ],
  })
  async content(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') id: string,
    @Query() { card }: CardQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await serveContent(request, reply, await this.files.content(actor, sessionId, id, card));
  }

  @Post('retry')
  @Endpoint({
    summary: 'Have the file of a message downloaded',
    description:
      'For one that failed, or that the session does not download by itself; the phone is asked to upload it again when WhatsApp has forgotten it.',
    returns: MessageDto,
    status: 202,
    fails: ['session.not-found', 'message.not-found', 'not-found:message.no-file'],
  })
  async retry(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') id: string,
    @Query() { card }: CardQuery,
  ) {
    return MessageDto.from(await this.files.retry(actor, sessionId, id, card));
  }
}
