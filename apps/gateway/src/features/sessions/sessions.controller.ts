import { Body, Controller, Delete, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import type { FastifyReply } from 'fastify';
import { CreateSessionDto, PairingCodeDto, QrDto, RequestPairingCodeDto, SessionDto } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

@Access('user', 'sessions')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @Endpoint({ summary: 'Create a session', returns: SessionDto, status: 201 })
  async create(@CurrentActor() actor: Actor, @Body() { name }: CreateSessionDto) {
    return SessionDto.from(await this.sessions.create(actor, name));
  }

  @Get()
  @Access('user', 'sessions', { role: 'staff' })
  @Endpoint({
    summary: 'List the sessions',
    description: 'Staff see those that were shared with them.',
    returns: SessionDto,
    list: true,
  })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery) {
    return mapPage(await this.sessions.list(actor, query), SessionDto.from);
  }

  @Get(':sessionId')
  @Endpoint({ summary: 'Get a session', returns: SessionDto, fails: ['session.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SessionDto.from(await this.sessions.get(actor, id));
  }

  @Delete(':sessionId')
  @Access('user', 'sessions', { role: 'owner' })
  @Endpoint({ summary: 'Delete a session', returns: null, fails: ['session.not-found'] })
  async remove(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    await this.sessions.remove(actor, id);
  }

  @Post(':sessionId/start')
  @Endpoint({ summary: 'Connect, and keep connected', returns: SessionDto, fails: ['session.not-found'] })
  async start(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SessionDto.from(await this.sessions.start(actor, id));
  }

  @Post(':sessionId/stop')
  @Endpoint({ summary: 'Disconnect and keep the login', returns: SessionDto, fails: ['session.not-found'] })
  async stop(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SessionDto.from(await this.sessions.stop(actor, id));
  }

  @Post(':sessionId/restart')
  @Endpoint({ summary: 'Disconnect and connect again', returns: SessionDto, fails: ['session.not-found'] })
  async restart(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SessionDto.from(await this.sessions.restart(actor, id));
  }

  @Post(':sessionId/logout')
  @Access('user', 'sessions', { role: 'owner' })
  @Endpoint({
    summary: 'Unlink the device from the WhatsApp account',
    returns: SessionDto,
    fails: ['session.not-found', 'session.not-connected', 'timeout:session.no-answer'],
  })
  async logout(@CurrentActor() actor: Actor, @Param('sessionId') id: string) {
    return SessionDto.from(await this.sessions.logout(actor, id));
  }

  @Get(':sessionId/qr')
  @Access('user', 'sessions', { role: 'owner' })
  @Endpoint({
    summary: 'The QR code to scan with the phone',
    description: 'JSON, or the picture itself with `Accept: image/png`.',
    returns: QrDto,
    produces: ['image/png'],
    fails: ['session.not-found', 'session.already-linked', 'unavailable:session.no-qr'],
  })
  async qr(
    @CurrentActor() actor: Actor,
    @Param('sessionId') id: string,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const code = await this.sessions.qr(actor, id);
    if (!accept?.includes('image/png')) return QrDto.from(code);
    void reply.type('image/png');
    return code.png;
  }

  @Post(':sessionId/pairing-code')
  @Access('user', 'sessions', { role: 'owner' })
  @Endpoint({
    summary: 'A code to type on the phone instead of scanning the QR code',
    returns: PairingCodeDto,
    fails: ['session.not-found', 'session.not-connected', 'timeout:session.no-answer', 'session.already-linked'],
  })
  async pairingCode(
    @CurrentActor() actor: Actor,
    @Param('sessionId') id: string,
    @Body() { phone }: RequestPairingCodeDto,
  ): Promise<PairingCodeDto> {
    return { code: await this.sessions.requestPairingCode(actor, id, phone) };
  }
}
