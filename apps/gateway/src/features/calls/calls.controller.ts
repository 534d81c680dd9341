import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { CallDto, CallLinkDto, CreateCallLinkDto, ListCallsQuery, RejectCallDto } from './calls.dto.js';
import { CallsService } from './calls.service.js';

@ApiTags('Calls')
@Access('user', 'messages')
@Controller('sessions/:sessionId/calls')
export class CallsController {
  constructor(private readonly calls: CallsService) {}

  @Get()
  @Endpoint({ summary: 'List the calls, the newest first', returns: CallDto, list: true, fails: ['session.not-found'] })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: ListCallsQuery) {
    return mapPage(await this.calls.list(actor, sessionId, query), CallDto.from);
  }

  @Post('links')
  @Endpoint({ summary: 'Make a link to a call', returns: CallLinkDto, status: 201, fails: needsWhatsApp })
  async link(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { media, startsAt }: CreateCallLinkDto,
  ): Promise<CallLinkDto> {
    return { url: await this.calls.link(actor, sessionId, media, startsAt?.toISOString() ?? null) };
  }

  @Get(':callId')
  @Endpoint({ summary: 'Get a call', returns: CallDto, fails: ['session.not-found', 'call.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Param('callId') callId: string) {
    return CallDto.from(await this.calls.get(actor, sessionId, callId));
  }

  @Post(':callId/reject')
  @Endpoint({
    summary: 'Reject a call that rings, and write to the caller if wanted',
    returns: CallDto,
    fails: [...needsWhatsApp, 'call.not-found', 'call.over'],
  })
  async reject(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('callId') callId: string,
    @Body() { text }: RejectCallDto,
  ) {
    return CallDto.from(await this.calls.reject(actor, sessionId, callId, text ?? null));
  }
}
