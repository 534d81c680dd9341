import { Body, Controller, Get, Param, Patch, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import {
  exceptable,
  ExceptDto,
  ExceptionsDto,
  PrivacyDto,
  SetStatusPrivacyDto,
  StatusPrivacyDto,
  UpdatePrivacyDto,
} from './privacy.dto.js';
import { PrivacyService } from './privacy.service.js';

@ApiTags('Privacy')
@Access('user', 'sessions')
@Controller('sessions/:sessionId/privacy')
export class PrivacyController {
  constructor(private readonly privacy: PrivacyService) {}

  @Get()
  @Endpoint({ summary: 'Get the privacy settings of the account', returns: PrivacyDto, fails: needsWhatsApp })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    return PrivacyDto.from(await this.privacy.get(actor, sessionId));
  }

  @Patch()
  @Endpoint({
    summary: 'Change privacy settings of the account',
    description: 'What is left out stays. WhatsApp takes them one by one; a refusal names the one that was not taken.',
    returns: PrivacyDto,
    fails: needsWhatsApp,
  })
  async update(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() input: UpdatePrivacyDto) {
    return PrivacyDto.from(await this.privacy.update(actor, sessionId, input.patch()));
  }

  @Get('exceptions')
  @Endpoint({
    summary: 'List whom settings leave out when they are `contacts-except`',
    description: 'Not confirmed on the production network.',
    returns: ExceptionsDto,
    fails: needsWhatsApp,
  })
  async exceptions(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    return { items: await this.privacy.exceptions(actor, sessionId, exceptable) };
  }

  @Put('exceptions')
  @Endpoint({
    summary: 'Make a setting `contacts-except` these people',
    description: 'Not confirmed on the production network.',
    returns: null,
    fails: [...needsWhatsApp, 'invalid:privacy.unknown-person'],
  })
  async except(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { setting, people }: ExceptDto,
  ) {
    await this.privacy.except(actor, sessionId, setting, people);
  }

  @Get('statuses')
  @Endpoint({
    summary: 'Get who sees the statuses of the account',
    description: 'Not confirmed on the production network.',
    returns: StatusPrivacyDto,
    fails: needsWhatsApp,
  })
  async statuses(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    return this.privacy.statuses(actor, sessionId);
  }

  @Put('statuses')
  @Endpoint({
    summary: 'Choose who sees the statuses of the account',
    description: 'Not confirmed on the production network.',
    returns: null,
    fails: [...needsWhatsApp, 'invalid:privacy.unknown-person'],
  })
  async setStatuses(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() input: SetStatusPrivacyDto,
  ) {
    await this.privacy.setStatuses(actor, sessionId, input.chosen());
  }
}
