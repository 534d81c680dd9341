import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { ProxyDto, SetProxyDto, TestedProxyDto, TestProxyDto } from './session-proxy.dto.js';
import { SessionProxyService } from './session-proxy.service.js';

@ApiTags('Sessions')
@Access('user', 'sessions', { role: 'owner' })
@Controller('sessions/:sessionId/proxy')
export class SessionProxyController {
  constructor(private readonly proxy: SessionProxyService) {}

  @Get()
  @Endpoint({ summary: 'Get the proxy of a session', returns: ProxyDto, fails: ['session.not-found'] })
  get(@CurrentActor() actor: Actor, @Param('sessionId') id: string): Promise<ProxyDto> {
    return this.proxy.get(actor, id);
  }

  @Put()
  @Endpoint({
    summary: 'Set the proxy of a session',
    description: 'Its socket, its uploads and its downloads go through it. A session that is started connects anew.',
    returns: ProxyDto,
    fails: ['session.not-found', 'invalid:outbound.refused'],
  })
  set(@CurrentActor() actor: Actor, @Param('sessionId') id: string, @Body() { url }: SetProxyDto): Promise<ProxyDto> {
    return this.proxy.set(actor, id, url);
  }

  @Delete()
  @Endpoint({ summary: 'Have a session use no proxy', returns: null, fails: ['session.not-found'] })
  async remove(@CurrentActor() actor: Actor, @Param('sessionId') id: string): Promise<void> {
    await this.proxy.set(actor, id, null);
  }

  @Post('test')
  @Endpoint({
    summary: 'See whether a proxy leads to WhatsApp',
    returns: TestedProxyDto,
    fails: ['session.not-found', 'proxy.none', 'invalid:outbound.refused', 'unavailable:proxy.failed'],
  })
  async test(
    @CurrentActor() actor: Actor,
    @Param('sessionId') id: string,
    @Body() { url }: TestProxyDto,
  ): Promise<TestedProxyDto> {
    return { latencyMs: await this.proxy.test(actor, id, url ?? null) };
  }
}
