import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { AcceptsUnion, UnionBody } from '@app/platform/http/union-body.js';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { brokerUnion } from './all-kinds.js';
import { badBroker } from './broker-kind.js';
import { BrokerCheckDto, BrokerDto, BrokerStatisticsDto, BrokerTestDto, UpdateBrokerDto } from './brokers.dto.js';
import { BrokersService, type NewBroker } from './brokers.service.js';

@ApiTags('Destinations')
@Access('user', 'webhooks')
@Controller('destinations')
export class BrokersController {
  constructor(private readonly brokers: BrokersService) {}

  @Post()
  @AcceptsUnion(brokerUnion)
  @Endpoint({
    summary: 'Create a destination: RabbitMQ, SQS, Redis, NATS or Kafka',
    description: 'Nothing is called yet; `POST /v1/destinations/check` does that.',
    returns: BrokerDto,
    status: 201,
    fails: [...badBroker, 'destination.limit-reached'],
  })
  async create(@CurrentActor() actor: Actor, @UnionBody(brokerUnion) input: NewBroker) {
    return BrokerDto.from(await this.brokers.create(actor, input));
  }

  @Post('check')
  @AcceptsUnion(brokerUnion)
  @Endpoint({
    summary: 'Try out a destination that is not stored',
    description: 'Connects and logs in; nothing is declared and no event is sent.',
    returns: BrokerCheckDto,
    fails: badBroker,
  })
  async checkDraft(@CurrentActor() actor: Actor, @UnionBody(brokerUnion) input: NewBroker) {
    return this.brokers.checkDraft(actor, input);
  }

  @Get()
  @Endpoint({ summary: 'List the destinations that are brokers', returns: BrokerDto, list: true })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery) {
    return mapPage(await this.brokers.list(actor, query), BrokerDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a destination', returns: BrokerDto, fails: ['destination.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return BrokerDto.from(await this.brokers.get(actor, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a destination',
    description: 'What is left out stays as it is. Deliveries that wait for another attempt are tried at once.',
    returns: BrokerDto,
    fails: [...badBroker, 'destination.not-found'],
  })
  async update(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() input: UpdateBrokerDto) {
    return BrokerDto.from(await this.brokers.update(actor, id, input));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a destination and its deliveries',
    description: 'What is at the broker stays there.',
    returns: null,
    fails: ['destination.not-found'],
  })
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string) {
    await this.brokers.remove(actor, id);
  }

  @Post(':id/test')
  @Endpoint({
    summary: 'Send a `test` event to this destination alone',
    returns: BrokerTestDto,
    status: 202,
    fails: ['destination.not-found', 'destination.disabled'],
  })
  async test(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return { eventId: await this.brokers.test(actor, id) };
  }

  @Post(':id/check')
  @Endpoint({
    summary: 'Try out a destination',
    description: 'Connects and logs in; nothing is declared and no event is sent.',
    returns: BrokerCheckDto,
    fails: ['destination.not-found'],
  })
  async check(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return this.brokers.check(actor, id);
  }

  @Get(':id/statistics')
  @Endpoint({
    summary: 'See what waits at the broker',
    returns: BrokerStatisticsDto,
    fails: ['destination.not-found', 'destination.no-statistics', 'unavailable:destination.unreachable'],
  })
  async statistics(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return this.brokers.statistics(actor, id);
  }
}
