import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EventDto, ListEventsQuery } from './events.dto.js';
import { EventsService } from './events.service.js';

@ApiTags('Events')
@Access('user', 'events', { role: 'staff' })
@Controller('events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get()
  @Endpoint({
    summary: 'Read the event log',
    description:
      'Oldest first. To follow the log, ask again with `after` set to `nextCursor`, which is always there and stays the ' +
      'same while nothing comes. No event is skipped and none comes twice.',
    returns: EventDto,
    list: true,
    fails: ['invalid:event.unknown-type', 'event.not-found', 'gone:events.cursor-expired'],
  })
  async list(@CurrentActor() actor: Actor, @Query() { sessionId, ...query }: ListEventsQuery) {
    const sessionIds = sessionId === undefined ? [] : [sessionId];
    return mapPage(await this.events.list(actor, { ...query, sessionIds }), EventDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get an event', returns: EventDto, fails: ['event.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return EventDto.from(await this.events.get(actor, id));
  }
}
