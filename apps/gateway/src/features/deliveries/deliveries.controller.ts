import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeliveryDto, ListDeliveriesQuery } from './deliveries.dto.js';
import { DeliveriesService } from './deliveries.service.js';

@ApiTags('Webhooks')
@Access('user', 'webhooks')
@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @Endpoint({
    summary: 'Read the delivery log',
    description: 'The newest first: what went to which webhook, how often it was tried, and what came back.',
    returns: DeliveryDto,
    list: true,
    fails: ['webhook.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Query() query: ListDeliveriesQuery) {
    return mapPage(await this.deliveries.list(actor, query), DeliveryDto.from);
  }
}
