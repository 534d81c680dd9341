import { Body, Controller, Param, Post } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { RefreshedDto, RefreshSessionDto } from './refresh.dto.js';
import { RefreshService } from './refresh.service.js';

@Access('user', 'sessions')
@Controller('sessions/:sessionId/refresh')
export class RefreshController {
  constructor(private readonly refreshes: RefreshService) {}

  @Post()
  @Endpoint({
    summary: 'Connect anew, and read again what may have been missed',
    description:
      'One step after the other; the answer tells what became of each. A step that fails does not keep the next from being tried, unless there is no connection.',
    returns: RefreshedDto,
    fails: ['session.not-found', 'session.not-connected', 'session.not-linked', 'timeout:session.no-answer'],
  })
  async run(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() input: RefreshSessionDto) {
    return RefreshedDto.from(await this.refreshes.refresh(actor, sessionId, input.wishes()));
  }
}
