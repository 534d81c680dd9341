import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { AcceptsUnion, UnionBody } from '@app/platform/http/union-body.js';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { brokerUnion } from './all-kinds.js';
import { badBroker } from './broker-kind.js';
import { BrokerCheckDto, BrokerDto, BrokerStatisticsDto, BrokerTestDto, UpdateBrokerDto } from './brokers.dto.js';
import { BrokersService, type NewBroker } from './brokers.service.js';

@ApiTags('Admin')
@Access('admin')
@Controller('admin/destinations')
export class AdminBrokersController {
  constructor(private readonly brokers: BrokersService) {}

  @Post()
  @AcceptsUnion(brokerUnion)
  @Endpoint({
    summary: 'Create a destination of the operator: RabbitMQ, SQS, Redis, NATS or Kafka',
    description: 'It gets events of all tenants. Nothing is called yet; `POST /v1/admin/destinations/check` does that.',
    returns: BrokerDto,
    status: 201,
    fails: [...badBroker, 'destination.limit-reached'],
  })
  async create(@UnionBody(brokerUnion) input: NewBroker) {
    return BrokerDto.from(await this.brokers.create('admin', input));
  }

  @Post('check')
  @AcceptsUnion(brokerUnion)
  @Endpoint({
    summary: 'Try out a destination that is not stored',
    description: 'Connects and logs in; nothing is declared and no event is sent.',
    returns: BrokerCheckDto,
    fails: badBroker,
  })
  async checkDraft(@UnionBody(brokerUnion) input: NewBroker) {
    return this.brokers.checkDraft('admin', input);
  }

  @Get()
  @Endpoint({ summary: 'List the destinations of the operator that are brokers', returns: BrokerDto, list: true })
  async list(@Query() query: PageQuery) {
    return mapPage(await this.brokers.list('admin', query), BrokerDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a destination of the operator', returns: BrokerDto, fails: ['destination.not-found'] })
  async get(@Param('id') id: string) {
    return BrokerDto.from(await this.brokers.get('admin', id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a destination of the operator',
    description: 'What is left out stays as it is. Deliveries that wait for another attempt are tried at once.',
    returns: BrokerDto,
    fails: [...badBroker, 'destination.not-found'],
  })
  async update(@Param('id') id: string, @Body() input: UpdateBrokerDto) {
    return BrokerDto.from(await this.brokers.update('admin', id, input));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a destination of the operator and its deliveries',
    description: 'What is at the broker stays there.',
    returns: null,
    fails: ['destination.not-found'],
  })
  async remove(@Param('id') id: string) {
    await this.brokers.remove('admin', id);
  }

  @Post(':id/test')
  @Endpoint({
    summary: 'Send a `test` event to this destination alone',
    returns: BrokerTestDto,
    status: 202,
    fails: ['destination.not-found', 'destination.disabled'],
  })
  async test(@Param('id') id: string) {
    return { eventId: await this.brokers.test('admin', id) };
  }

  @Post(':id/check')
  @Endpoint({
    summary: 'Try out a destination of the operator',
    description: 'Connects and logs in; nothing is declared and no event is sent.',
    returns: BrokerCheckDto,
    fails: ['destination.not-found'],
  })
  async check(@Param('id') id: string) {
    return this.brokers.check('admin', id);
  }

  @Get(':id/statistics')
  @Endpoint({
    summary: 'See what waits at the broker',
    returns: BrokerStatisticsDto,
    fails: ['destination.not-found', 'destination.no-statistics', 'unavailable:destination.unreachable'],
  })
  async statistics(@Param('id') id: string) {
    return this.brokers.statistics('admin', id);
  }
}
