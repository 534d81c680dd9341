import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { Controller, Get, Post } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { RetentionRunsService, type RetentionState } from './retention-runs.service.js';

export class RetentionRunDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) startedAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finishedAt: string | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description: 'Rows by what they were.' })
  removed: Record<string, number>;
}

export class RetentionDto {
  @ApiProperty({ type: 'integer', description: '`EVENT_RETENTION_DAYS`; tenants may choose less.' }) eventDays: number;
  @ApiProperty({ description: 'Whether a run waits or is under way.' }) isRunning: boolean;
  @ApiProperty({ type: [RetentionRunDto], description: 'The last runs, the newest first.' }) runs: RetentionRunDto[];

  static from(this: void, { eventDays, isRunning, runs }: RetentionState): RetentionDto {
    return {
      eventDays,
      isRunning,
      runs: runs.map(({ startedAt, finishedAt, result }) => ({
        startedAt: startedAt?.toISOString() ?? null,
        finishedAt: finishedAt?.toISOString() ?? null,
        // Most tables lose nothing, most of the time.
        removed: Object.fromEntries(Object.entries(result ?? {}).filter(([, count]) => count > 0)),
      })),
    };
  }
}

@ApiTags('Admin')
@Access('admin')
@Controller('admin/retention')
export class RetentionController {
  constructor(private readonly runs: RetentionRunsService) {}

  @Get()
  @Endpoint({ summary: 'See what retention has deleted lately', returns: RetentionDto })
  async state() {
    return RetentionDto.from(await this.runs.state());
  }

  @Post('run')
  @Endpoint({
    summary: 'Delete what is past its retention, now',
    description: 'It runs every hour anyway. Does nothing more when a run is under way.',
    returns: RetentionDto,
    status: 202,
  })
  async run() {
    return RetentionDto.from(await this.runs.start());
  }
}
