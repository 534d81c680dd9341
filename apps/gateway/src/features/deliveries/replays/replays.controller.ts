import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AdminReplayEventsDto, ReplayDto, ReplayEventsDto } from './replays.dto.js';
import { ReplaysService } from './replays.service.js';

/** What every replay may be refused for. */
export const replayFails = [
  'invalid:replay.too-large',
  'invalid:replay.unconfirmed',
  'replay.limit-reached',
  'webhook.not-found',
  'destination.not-found',
  'webhook.disabled',
  'destination.disabled',
];

const ofEvents = {
  summary: 'Send events of the log again',
  description:
    'Some events, or all of a part of the log, to where each was sent before or to a destination of your choice. Order is ' +
    'kept per session. Large replays are worked in the background: see `GET /v1/replays/{id}`.',
  returns: ReplayDto,
  status: 202,
  fails: [
    ...replayFails,
    'invalid:replay.no-events',
    'invalid:event.unknown-type',
    'invalid:cursor.invalid',
    'event.not-found',
  ],
};
const list = { summary: 'List replays', description: 'The newest first.', returns: ReplayDto, list: true };
const get = { summary: 'See how far a replay is', returns: ReplayDto, fails: ['replay.not-found'] };
const cancel = {
  summary: 'Stop a replay',
  description: 'What it has queued stays queued.',
  returns: ReplayDto,
  fails: ['replay.not-found'],
};

@ApiTags('Deliveries')
@Access('user', 'webhooks')
@Controller()
export class ReplaysController {
  constructor(private readonly replays: ReplaysService) {}

  @Post('events/replay')
  @Endpoint(ofEvents)
  async ofEvents(@CurrentActor() actor: Actor, @Body() input: ReplayEventsDto) {
    return ReplayDto.from(await this.replays.ofEvents(actor, actor.tenantId, input));
  }

  @Get('replays')
  @Endpoint(list)
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery) {
    return mapPage(await this.replays.list(actor, query), ReplayDto.from);
  }

  @Get('replays/:id')
  @Endpoint(get)
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return ReplayDto.from(await this.replays.get(actor, id));
  }

  @Delete('replays/:id')
  @Endpoint(cancel)
  async cancel(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return ReplayDto.from(await this.replays.cancel(actor, id));
  }
}

@ApiTags('Admin')
@Access('admin')
@Controller('admin')
export class AdminReplaysController {
  constructor(private readonly replays: ReplaysService) {}

  @Post('events/replay')
  @Endpoint(ofEvents)
  async ofEvents(@Body() input: AdminReplayEventsDto) {
    return ReplayDto.from(await this.replays.ofEvents('admin', input.tenantId, input));
  }

  @Get('replays')
  @Endpoint(list)
  async list(@Query() query: PageQuery) {
    return mapPage(await this.replays.list('admin', query), ReplayDto.from);
  }

  @Get('replays/:id')
  @Endpoint(get)
  async get(@Param('id') id: string) {
    return ReplayDto.from(await this.replays.get('admin', id));
  }

  @Delete('replays/:id')
  @Endpoint(cancel)
  async cancel(@Param('id') id: string) {
    return ReplayDto.from(await this.replays.cancel('admin', id));
  }
}
