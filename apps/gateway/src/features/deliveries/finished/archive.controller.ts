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
  AdminArchiveQuery,
  AdminListArchiveQuery,
  AdminRemoveArchiveQuery,
  AdminReplayArchiveDto,
  ArchiveQuery,
  FinishedStatisticsDto,
  ListArchiveQuery,
  PruneDto,
  RemovalDto,
  RemoveArchiveQuery,
  ReplayArchiveDto,
  ReplayOneDto,
} from './finished.dto.js';
import { finishedEndpoints } from './finished.endpoints.js';
import { FinishedService } from './finished.service.js';

const endpoints = finishedEndpoints('a finished delivery', 'finished deliveries', 'delivery');

@ApiTags('Deliveries')
@Access('user', 'webhooks')
@Controller('archive')
export class ArchiveController {
  constructor(private readonly finished: FinishedService) {}

  @Get()
  @Endpoint(endpoints.list)
  async list(@CurrentActor() actor: Actor, @Query() query: ListArchiveQuery) {
    return mapPage(await this.finished.list(actor, 'archive', query), DeliveryDto.from);
  }

  @Get('statistics')
  @Endpoint(endpoints.statistics)
  async statistics(@CurrentActor() actor: Actor, @Query() query: ArchiveQuery) {
    return FinishedStatisticsDto.from(await this.finished.statistics(actor, 'archive', query));
  }

  @Get(':id')
  @Endpoint(endpoints.get)
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    const { delivery, event } = await this.finished.getWithEvent(actor, 'archive', id);
    return DeliveryDetailDto.of(delivery, event);
  }

  @Post('replay')
  @Endpoint(endpoints.replayMany)
  async replayMany(@CurrentActor() actor: Actor, @Body() { filter, ...options }: ReplayArchiveDto) {
    return ReplayDto.from(await this.finished.replayMany(actor, 'archive', filter, options));
  }

  @Post('prune')
  @Endpoint(endpoints.prune)
  async prune(@CurrentActor() actor: Actor, @Body() { olderThanHours }: PruneDto): Promise<RemovalDto> {
    return this.finished.prune(actor, 'archive', olderThanHours);
  }

  @Post(':id/replay')
  @Endpoint(endpoints.replayOne)
  async replayOne(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() options: ReplayOneDto) {
    return ReplayDto.from(await this.finished.replayOne(actor, 'archive', id, options));
  }

  @Delete(':id')
  @Endpoint(endpoints.remove)
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string) {
    await this.finished.remove(actor, 'archive', id);
  }

  @Delete()
  @Endpoint(endpoints.removeMany)
  async removeMany(
    @CurrentActor() actor: Actor,
    @Query() { dryRun, confirm, ...filter }: RemoveArchiveQuery,
  ): Promise<RemovalDto> {
    return this.finished.removeMany(actor, 'archive', filter, { dryRun, confirm });
  }
}

@ApiTags('Admin')
@Access('admin')
@Controller('admin/archive')
export class AdminArchiveController {
  constructor(private readonly finished: FinishedService) {}

  @Get()
  @Endpoint(endpoints.list)
  async list(@Query() query: AdminListArchiveQuery) {
    return mapPage(await this.finished.list('admin', 'archive', query), DeliveryDto.from);
  }

  @Get('statistics')
  @Endpoint(endpoints.statistics)
  async statistics(@Query() query: AdminArchiveQuery) {
    return FinishedStatisticsDto.from(await this.finished.statistics('admin', 'archive', query));
  }

  @Get(':id')
  @Endpoint(endpoints.get)
  async get(@Param('id') id: string) {
    const { delivery, event } = await this.finished.getWithEvent('admin', 'archive', id);
    return DeliveryDetailDto.of(delivery, event);
  }

  @Post('replay')
  @Endpoint(endpoints.replayMany)
  async replayMany(@Body() { filter, ...options }: AdminReplayArchiveDto) {
    return ReplayDto.from(await this.finished.replayMany('admin', 'archive', filter, options));
  }

  @Post('prune')
  @Endpoint(endpoints.prune)
  async prune(@Body() { olderThanHours }: PruneDto): Promise<RemovalDto> {
    return this.finished.prune('admin', 'archive', olderThanHours);
  }

  @Post(':id/replay')
  @Endpoint(endpoints.replayOne)
  async replayOne(@Param('id') id: string, @Body() options: ReplayOneDto) {
    return ReplayDto.from(await this.finished.replayOne('admin', 'archive', id, options));
  }

  @Delete(':id')
  @Endpoint(endpoints.remove)
  async remove(@Param('id') id: string) {
    await this.finished.remove('admin', 'archive', id);
  }

  @Delete()
  @Endpoint(endpoints.removeMany)
  async removeMany(@Query() { dryRun, confirm, ...filter }: AdminRemoveArchiveQuery): Promise<RemovalDto> {
    return this.finished.removeMany('admin', 'archive', filter, { dryRun, confirm });
  }
}
