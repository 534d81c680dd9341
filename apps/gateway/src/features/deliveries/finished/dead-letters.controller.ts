import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeliveryDetailDto, DeliveryDto } from '../deliveries.dto.js';
import { ReplayDto } from '../replays/replays.dto.js';
import {
  AdminDeadLettersQuery,
  AdminListDeadLettersQuery,
  AdminRemoveDeadLettersQuery,
  AdminReplayDeadLettersDto,
  DeadLettersQuery,
  FinishedStatisticsDto,
  ListDeadLettersQuery,
  PruneDto,
  RemovalDto,
  RemoveDeadLettersQuery,
  ReplayDeadLettersDto,
  ReplayOneDto,
} from './finished.dto.js';
import { finishedEndpoints } from './finished.endpoints.js';
import { FinishedService } from './finished.service.js';

const endpoints = finishedEndpoints('a dead letter', 'dead letters', 'dead-letter');

@ApiTags('Deliveries')
@Access('user', 'webhooks')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(private readonly finished: FinishedService) {}

  @Get()
  @Endpoint(endpoints.list)
  async list(@CurrentActor() actor: Actor, @Query() query: ListDeadLettersQuery) {
    return mapPage(await this.finished.list(actor, 'dead-letter', query), DeliveryDto.from);
  }

  @Get('statistics')
  @Endpoint(endpoints.statistics)
  async statistics(@CurrentActor() actor: Actor, @Query() query: DeadLettersQuery) {
    return FinishedStatisticsDto.from(await this.finished.statistics(actor, 'dead-letter', query));
  }

  @Get(':id')
  @Endpoint(endpoints.get)
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    const { delivery, event } = await this.finished.getWithEvent(actor, 'dead-letter', id);
    return DeliveryDetailDto.of(delivery, event);
  }

  @Post('replay')
  @Endpoint(endpoints.replayMany)
  async replayMany(@CurrentActor() actor: Actor, @Body() { filter, ...options }: ReplayDeadLettersDto) {
    return ReplayDto.from(await this.finished.replayMany(actor, 'dead-letter', filter, options));
  }

  @Post('prune')
  @Endpoint(endpoints.prune)
  async prune(@CurrentActor() actor: Actor, @Body() { olderThanHours }: PruneDto): Promise<RemovalDto> {
    return this.finished.prune(actor, 'dead-letter', olderThanHours);
  }

  @Post(':id/replay')
  @Endpoint(endpoints.replayOne)
  async replayOne(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() options: ReplayOneDto) {
    return ReplayDto.from(await this.finished.replayOne(actor, 'dead-letter', id, options));
  }

  @Delete(':id')
  @Endpoint(endpoints.remove)
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string) {
    await this.finished.remove(actor, 'dead-letter', id);
  }

  @Delete()
  @Endpoint(endpoints.removeMany)
  async removeMany(
    @CurrentActor() actor: Actor,
    @Query() { dryRun, confirm, ...filter }: RemoveDeadLettersQuery,
  ): Promise<RemovalDto> {
    return this.finished.removeMany(actor, 'dead-letter', filter, { dryRun, confirm });
  }
}

@ApiTags('Admin')
@Access('admin')
@Controller('admin/dead-letters')
export class AdminDeadLettersController {
  constructor(private readonly finished: FinishedService) {}

  @Get()
  @Endpoint(endpoints.list)
  async list(@Query() query: AdminListDeadLettersQuery) {
    return mapPage(await this.finished.list('admin', 'dead-letter', query), DeliveryDto.from);
  }

  @Get('statistics')
  @Endpoint(endpoints.statistics)
  async statistics(@Query() query: AdminDeadLettersQuery) {
    return FinishedStatisticsDto.from(await this.finished.statistics('admin', 'dead-letter', query));
  }

  @Get(':id')
  @Endpoint(endpoints.get)
  async get(@Param('id') id: string) {
    const { delivery, event } = await this.finished.getWithEvent('admin', 'dead-letter', id);
    return DeliveryDetailDto.of(delivery, event);
  }

  @Post('replay')
  @Endpoint(endpoints.replayMany)
  async replayMany(@Body() { filter, ...options }: AdminReplayDeadLettersDto) {
    return ReplayDto.from(await this.finished.replayMany('admin', 'dead-letter', filter, options));
  }

  @Post('prune')
  @Endpoint(endpoints.prune)
  async prune(@Body() { olderThanHours }: PruneDto): Promise<RemovalDto> {
    return this.finished.prune('admin', 'dead-letter', olderThanHours);
  }

  @Post(':id/replay')
  @Endpoint(endpoints.replayOne)
  async replayOne(@Param('id') id: string, @Body() options: ReplayOneDto) {
    return ReplayDto.from(await this.finished.replayOne('admin', 'dead-letter', id, options));
  }

  @Delete(':id')
  @Endpoint(endpoints.remove)
  async remove(@Param('id') id: string) {
    await this.finished.remove('admin', 'dead-letter', id);
  }

  @Delete()
  @Endpoint(endpoints.removeMany)
  async removeMany(@Query() { dryRun, confirm, ...filter }: AdminRemoveDeadLettersQuery): Promise<RemovalDto> {
    return this.finished.removeMany('admin', 'dead-letter', filter, { dryRun, confirm });
  }
}
