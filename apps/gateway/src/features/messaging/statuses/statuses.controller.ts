import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { IdempotencyKey } from '@app/platform/http/idempotency-key.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { needsWhatsApp } from '../../sessions/session-commands.service.js';
import { actFailures } from '../actions/act-failures.js';
import { MessageActionDto } from '../actions/message-actions.dto.js';
import { MessageActionsService } from '../actions/message-actions.service.js';
import { MessageDto, SendMessageQuery } from '../messages.dto.js';
import { StatusAudienceService } from './status-audience.service.js';
import {
  ListStatusesQuery,
  StatusAudienceDto,
  StatusPosterDto,
  StatusViewDto,
  StatusViewsDto,
} from './statuses.dto.js';
import { StatusesService } from './statuses.service.js';

@ApiTags('Statuses')
@Access('user', 'messages')
@Controller('sessions/:sessionId/statuses')
export class StatusesController {
  constructor(
    private readonly statuses: StatusesService,
    private readonly audience: StatusAudienceService,
    private readonly actions: MessageActionsService,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List the statuses of the last 24 hours, the newest first',
    description: 'Of the account and of its contacts. They are posted by `POST …/messages` to `status@broadcast`.',
    returns: MessageDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: ListStatusesQuery) {
    return mapPage(await this.statuses.list(actor, sessionId, query), MessageDto.from);
  }

  @Get('people')
  @Endpoint({
    summary: 'List who has posted statuses in the last 24 hours',
    returns: StatusPosterDto,
    list: true,
    fails: ['session.not-found'],
  })
  async people(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: PageQuery) {
    return mapPage(await this.statuses.posters(actor, sessionId, query), StatusPosterDto.from);
  }

  @Get('audience')
  @Endpoint({
    summary: 'See who gets a status for which nobody is named',
    description: 'The address book of the account, as far as its privacy allows.',
    returns: StatusAudienceDto,
    fails: needsWhatsApp,
  })
  whom(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<StatusAudienceDto> {
    return this.audience.of(actor, sessionId);
  }

  @Get(':messageId/views')
  @Endpoint({
    summary: 'List who has looked at a status of the account',
    returns: StatusViewsDto,
    fails: ['session.not-found', 'message.not-found', 'status.not-found', 'message.not-own'],
  })
  async views(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
  ): Promise<StatusViewsDto> {
    return { items: (await this.statuses.views(actor, sessionId, messageId)).map(StatusViewDto.from) };
  }

  @Delete(':messageId')
  @Endpoint({
    summary: 'Take a status of the account back, for everybody',
    description: 'Answers 202 once that is stored; with `wait=server_ack` once WhatsApp has it.',
    returns: MessageActionDto,
    status: 202,
    fails: [...actFailures, 'status.not-found', 'message.not-own', 'session.not-connected'],
  })
  async revoke(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') messageId: string,
    @Query() { wait }: SendMessageQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    await this.statuses.mustBeStatus(actor, sessionId, messageId);
    return MessageActionDto.from(await this.actions.revoke(actor, { sessionId, messageId, wait, idempotencyKey }));
  }
}
