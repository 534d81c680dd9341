import { Controller, Get, Header } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { Metrics } from '@app/platform/metrics/metrics.js';
import { HealthService } from './health.service.js';

export class HealthDto {
  @ApiProperty({ enum: ['ok'] }) status: 'ok';
}

@ApiTags('Health')
@Access('public')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @Endpoint({ summary: 'Whether the process runs', returns: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Endpoint({
    summary: 'Whether the process can serve requests',
    returns: HealthDto,
    fails: ['unavailable:health.not-ready'],
  })
  async ready(): Promise<HealthDto> {
    await this.health.assertReady();
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Endpoint({ summary: 'Metrics for Prometheus', returns: null, status: 200, produces: ['text/plain'] })
  async scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
