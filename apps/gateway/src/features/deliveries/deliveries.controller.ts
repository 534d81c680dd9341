import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AdminListDeliveriesQuery, DeliveryDetailDto, DeliveryDto, ListDeliveriesQuery } from './deliveries.dto.js';
import { DeliveriesService } from './deliveries.service.js';

const list = {
  summary: 'Read the delivery log',
  description:
    'The newest first: what went to which destination, how often it was tried, and what came back. A page may be short ' +
    'and have a `nextCursor` nevertheless, when the filter fits little.',
  returns: DeliveryDto,
  list: true,
  fails: ['webhook.not-found', 'destination.not-found', 'invalid:event.unknown-type'],
};
const get = {
  summary: 'Get a delivery with its attempts and its event',
  returns: DeliveryDetailDto,
  fails: ['delivery.not-found'],
};
const retry = {
  summary: 'Try a delivery at once',
  description: 'It waits no longer, and neither does anything else for its destination.',
  returns: DeliveryDto,
  fails: ['delivery.not-found', 'delivery.finished', 'webhook.disabled', 'destination.disabled'],
};

@ApiTags('Deliveries')
@Access('user', 'webhooks')
@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @Endpoint(list)
  async list(@CurrentActor() actor: Actor, @Query() query: ListDeliveriesQuery) {
    return mapPage(await this.deliveries.list(actor, query), DeliveryDto.from);
  }

  @Get(':id')
  @Endpoint(get)
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    const found = await this.deliveries.get(actor, id);
    return DeliveryDetailDto.of(found, await this.deliveries.eventOf(found));
  }

  @Post(':id/retry')
  @Endpoint(retry)
  async retry(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return DeliveryDto.from(await this.deliveries.retry(actor, id));
  }
}

@ApiTags('Admin')
@Access('admin')
@Controller('admin/deliveries')
export class AdminDeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @Endpoint({ ...list, summary: 'Read the delivery log of all tenants' })
  async list(@Query() query: AdminListDeliveriesQuery) {
    return mapPage(await this.deliveries.list('admin', query), DeliveryDto.from);
  }

  @Get(':id')
  @Endpoint(get)
  async get(@Param('id') id: string) {
    const found = await this.deliveries.get('admin', id);
    return DeliveryDetailDto.of(found, await this.deliveries.eventOf(found));
  }

  @Post(':id/retry')
  @Endpoint(retry)
  async retry(@Param('id') id: string) {
    return DeliveryDto.from(await this.deliveries.retry('admin', id));
  }
}
