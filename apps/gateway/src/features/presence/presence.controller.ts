import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { OneOf } from '@app/platform/http/fields.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { type Presence, PresenceService } from './presence.service.js';

export class SetPresenceDto {
  @OneOf(['available', 'unavailable'], { description: 'While an account is available, its phone does not ring.' })
  state: Presence;
}

@ApiTags('Presence')
@Access('user', 'sessions')
@Controller('sessions/:sessionId/presence')
export class PresenceController {
  constructor(private readonly presence: PresenceService) {}

  @Put()
  @Endpoint({
    summary: 'Show the account as online, or not',
    description: 'Until the session connects anew; the setting `presence` is for good.',
    returns: null,
    fails: needsWhatsApp,
  })
  async show(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() { state }: SetPresenceDto) {
    await this.presence.show(actor, sessionId, state);
  }
}
