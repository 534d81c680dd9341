import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { SettingsDto, UpdateSettingsDto } from './session-settings.dto.js';
import { SessionSettingsService } from './session-settings.service.js';

@Access('user', 'sessions')
@Controller('sessions/:sessionId/settings')
export class SessionSettingsController {
  constructor(private readonly settings: SessionSettingsService) {}

  @Get()
  @Endpoint({ summary: 'Get the settings of a session', returns: SettingsDto, fails: ['session.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SettingsDto.from(await this.settings.get(actor, id));
  }

  @Patch()
  @Access('user', 'sessions', { role: 'owner' })
  @Endpoint({
    summary: 'Change the settings of a session',
    description: 'What is left out stays as it is; `null` takes a setting away.',
    returns: SettingsDto,
    fails: ['session.not-found'],
  })
  async update(@CurrentActor() actor: Actor, @Param('sessionId') id: string, @Body() patch: UpdateSettingsDto) {
    return SettingsDto.from(await this.settings.update(actor, id, patch.patch()));
  }
}
