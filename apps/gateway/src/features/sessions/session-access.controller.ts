import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { GrantAccessDto, SessionAccessDto } from './session-access.dto.js';
import { SessionAccessService } from './session-access.service.js';

@ApiTags('Sessions')
@Access('user', 'sessions', { role: 'owner' })
@Controller('sessions/:sessionId/access')
export class SessionAccessController {
  constructor(private readonly access: SessionAccessService) {}

  @Get()
  @Endpoint({
    summary: 'List the members of staff with whom a session is shared',
    returns: SessionAccessDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') id: string, @Query() query: PageQuery) {
    return mapPage(await this.access.list(actor, id, query), SessionAccessDto.from);
  }

  @Post()
  @Endpoint({
    summary: 'Share a session with a member of staff',
    description: 'From the next request on they may use it, but not change or delete it, log it out or pair it.',
    returns: SessionAccessDto,
    status: 201,
    fails: ['session.not-found', 'user.not-found', 'invalid:access.not-for-owners', 'access.already-granted'],
  })
  async grant(@CurrentActor() actor: Actor, @Param('sessionId') id: string, @Body() { userId }: GrantAccessDto) {
    return SessionAccessDto.from(await this.access.grant(actor, id, userId));
  }

  @Delete(':userId')
  @Endpoint({
    summary: 'Share a session with a member of staff no longer',
    description: 'Their next request is refused, and streams of events that they have open tell nothing more of it.',
    returns: null,
    fails: ['session.not-found', 'grant.not-found'],
  })
  async revoke(@CurrentActor() actor: Actor, @Param('sessionId') id: string, @Param('userId') userId: string) {
    await this.access.revoke(actor, id, userId);
  }
}
