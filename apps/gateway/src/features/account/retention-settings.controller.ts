import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { Integer } from '@app/platform/http/fields.js';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { RetentionSettingsService, type Retention } from './retention-settings.service.js';

const days = { min: 1, max: 36_500, optional: true, nullable: true };

export class UpdateRetentionDto {
  @Integer({ ...days, description: 'Events of the log; null: as long as the installation keeps them.' })
  eventDays?: number | null;

  @Integer({ ...days, description: 'Deliveries that succeeded; null: as long as their events.' })
  deliveryDays?: number | null;

  @Integer({ ...days, description: 'Dead letters; null: as long as their events.' })
  deadLetterDays?: number | null;
}

export class RetentionSettingsDto {
  @ApiProperty({ type: 'integer', nullable: true }) eventDays: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) deliveryDays: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) deadLetterDays: number | null;

  static from(this: void, { eventDays, deliveryDays, deadLetterDays }: Retention): RetentionSettingsDto {
    return { eventDays, deliveryDays, deadLetterDays };
  }
}

@ApiTags('Account')
@Access('user', 'account')
@Controller('account/retention')
export class RetentionSettingsController {
  constructor(private readonly settings: RetentionSettingsService) {}

  @Get()
  @Endpoint({ summary: 'For how many days events and deliveries are kept', returns: RetentionSettingsDto })
  async get(@CurrentActor() actor: Actor) {
    return RetentionSettingsDto.from(await this.settings.get(actor));
  }

  @Patch()
  @Endpoint({
    summary: 'Keep events and deliveries for fewer days than the installation does',
    returns: RetentionSettingsDto,
    fails: ['invalid:retention.too-long'],
  })
  async update(@CurrentActor() actor: Actor, @Body() input: UpdateRetentionDto) {
    return RetentionSettingsDto.from(await this.settings.update(actor, input));
  }
}
