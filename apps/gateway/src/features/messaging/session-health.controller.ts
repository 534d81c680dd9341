import { Controller, Get, Param } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { SessionHealthDto } from './session-health.dto.js';
import { SessionHealthService } from './session-health.service.js';

@Access('user', 'sessions')
@Controller('sessions/:sessionId/health')
export class SessionHealthController {
  constructor(private readonly health: SessionHealthService) {}

  @Get()
  @Endpoint({
    summary: 'How a session is doing',
    description: 'Whether WhatsApp answers right now, what it allows the account, and what waits to be sent.',
    returns: SessionHealthDto,
    fails: ['session.not-found'],
  })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SessionHealthDto.from(await this.health.get(actor, id));
  }
}
