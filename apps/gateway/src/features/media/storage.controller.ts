import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import type { RecentRuns } from '@app/platform/jobs/recent-runs.js';
import { Controller, Get, Post } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Swept } from './media-sweeper.service.js';
import { StorageService } from './storage.service.js';

export class StorageStatisticsDto {
  @ApiProperty({ enum: ['disk', 's3'] }) kind: string;
  @ApiProperty({ type: String, nullable: true }) bucket: string | null;
  @ApiProperty({ type: 'integer' }) files: number;
  @ApiProperty({ type: 'integer', description: 'Stored ones; files of equal content share one.' }) objects: number;
  @ApiProperty({ type: 'integer' }) sizeBytes: number;
  @ApiProperty({ type: 'integer', description: 'Files whose time is up, or that are being removed.' }) toRemove: number;
}

export class StorageCheckDto {
  @ApiProperty() isUsable: boolean;
  @ApiProperty({ type: 'integer' }) latencyMs: number;
  @ApiProperty({ type: String, nullable: true }) error: string | null;
}

export class MediaSweepDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) startedAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finishedAt: string | null;
  @ApiProperty({ type: 'integer', description: 'Files whose time was up.' }) expired: number;
  @ApiProperty({ type: 'integer', description: 'What processes that died had begun to store.' }) abandoned: number;
}

export class MediaSweepsDto {
  @ApiProperty({ description: 'Whether a sweep waits or is under way.' }) isRunning: boolean;
  @ApiProperty({ type: [MediaSweepDto], description: 'The last ones, the newest first.' }) runs: MediaSweepDto[];

  static from(this: void, { isRunning, runs }: RecentRuns<Swept>): MediaSweepsDto {
    return {
      isRunning,
      runs: runs.map(({ startedAt, finishedAt, result }) => ({
        startedAt: startedAt?.toISOString() ?? null,
        finishedAt: finishedAt?.toISOString() ?? null,
        expired: result?.expired ?? 0,
        abandoned: result?.abandoned ?? 0,
      })),
    };
  }
}

@ApiTags('Admin')
@Access('admin')
@Controller('admin/storage')
export class StorageController {
  constructor(private readonly storage: StorageService) {}

  @Get()
  @Endpoint({ summary: 'See how much the media storage holds', returns: StorageStatisticsDto })
  statistics() {
    return this.storage.statistics();
  }

  @Post('check')
  @Endpoint({
    summary: 'Try the media storage',
    description: 'Stores, reads and removes a small object.',
    returns: StorageCheckDto,
    status: 200,
  })
  check() {
    return this.storage.check();
  }

  @Get('sweeps')
  @Endpoint({ summary: 'See what was removed from the media storage lately', returns: MediaSweepsDto })
  async sweeps() {
    return MediaSweepsDto.from(await this.storage.recentSweeps());
  }

  @Post('sweeps')
  @Endpoint({
    summary: 'Remove files whose time is up, now',
    description: 'It happens every ten minutes anyway. Does nothing more when a sweep is under way.',
    returns: MediaSweepsDto,
    status: 202,
  })
  async sweep() {
    return MediaSweepsDto.from(await this.storage.sweep());
  }
}
