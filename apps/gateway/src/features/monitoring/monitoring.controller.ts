import { Access } from '@app/platform/auth/access.decorator.js';
import { Authentication } from '@app/platform/auth/authentication.js';
import { networkOf } from '@app/platform/auth/network.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { sendEventStream } from '@app/platform/http/event-stream.js';
import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  MonitoringStatisticsDto,
  MonitoringStatisticsQuery,
  MonitoringStreamQuery,
  MonitoringTokenDto,
  MonitoringTokenInput,
} from './monitoring.dto.js';
import { MonitoringService } from './monitoring.service.js';
import { MonitoringTokensService } from './monitoring-tokens.service.js';

@ApiTags('Admin')
@Controller('admin/monitoring')
export class MonitoringController {
  constructor(
    private readonly monitoring: MonitoringService,
    private readonly tokens: MonitoringTokensService,
    private readonly authentication: Authentication,
  ) {}

  @Post('tokens')
  @Access('admin')
  @Endpoint({
    summary: 'Get a token for the live stream',
    description:
      'For browsers, which send no header with it. It opens the stream within five minutes and nothing else.',
    returns: MonitoringTokenDto,
    status: 201,
  })
  issue(@Body() { tenantId }: MonitoringTokenInput): MonitoringTokenDto {
    const { token, expiresAt } = this.tokens.issue(tenantId ?? null);
    return { token, expiresAt: expiresAt.toISOString() };
  }

  /** Public to the guard, which knows no tokens in URLs: who may is looked at here. */
  @Get('stream')
  @Access('public')
  @Endpoint({
    summary: 'Watch events and deliveries live',
    description:
      'Server-sent events: `event` for what is recorded, `delivery` for each attempt, `skipped` when a slow reader missed ' +
      'some. Without the data of the events. Needs ADMIN_TOKEN as bearer token, or `token`.',
    returns: null,
    status: 200,
    produces: ['text/event-stream'],
    fails: [
      'unauthenticated:token.missing',
      'unauthenticated:token.invalid',
      'unauthenticated:token.expired',
      'forbidden:access.admin-only',
      'invalid:event.unknown-type',
      'rate-limited:request.rate-limited',
      'rate-limited:monitoring.too-many-streams',
    ],
  })
  async stream(
    @Query() { token, ...filter }: MonitoringStreamQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = (await this.admitted(request, token)) ?? filter.tenantId;
    this.monitoring.assertPossible(filter);
    sendEventStream(reply, (signal) => this.monitoring.stream({ ...filter, tenantId }, signal));
  }

  @Get('statistics')
  @Access('admin')
  @Endpoint({
    summary: 'What waits, how deliveries went in the last hour, and which events there were',
    returns: MonitoringStatisticsDto,
  })
  async statistics(@Query() { tenantId }: MonitoringStatisticsQuery) {
    return MonitoringStatisticsDto.from(await this.monitoring.statistics(tenantId));
  }

  /** The tenant that a token is limited to. */
  private async admitted(request: FastifyRequest, token: string | undefined): Promise<string | null> {
    if (token !== undefined) return this.tokens.read(token).tenantId;
    const principal = await this.authentication.authenticate(request.headers.authorization, networkOf(request.ip));
    if (principal.kind !== 'operator')
      throw new AppError('forbidden', 'access.admin-only', 'Only the operator may do this.');
    return null;
  }
}
