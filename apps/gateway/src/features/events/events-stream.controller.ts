import { Access } from '@app/platform/auth/access.decorator.js';
import { CurrentPrincipal } from '@app/platform/auth/current-actor.decorator.js';
import type { UserPrincipal } from '@app/platform/auth/principal.js';
import { StreamTokens } from '@app/platform/auth/stream-tokens.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { sendEventStream, type ServerSentEvent } from '@app/platform/http/event-stream.js';
import { Controller, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventFollowersService, type EventStream } from './event-followers.service.js';
import { cursorOf } from './log-position.js';
import { FollowEventsQuery, SocketMessageDto, SocketQuery, StreamTokenDto } from './streams.dto.js';

@ApiTags('Events')
@Controller('events')
export class EventsStreamController {
  constructor(
    private readonly followers: EventFollowersService,
    private readonly tokens: StreamTokens,
  ) {}

  @Get('stream')
  @Access('user', 'events', { isStream: true, role: 'staff' })
  @Endpoint({
    summary: 'Follow the event log as server-sent events',
    description:
      'Each message has an event as `data` and its cursor as `id`. `Last-Event-ID`, which browsers send by themselves ' +
      'when they come back, or `after` continue behind an earlier event; without either, the stream begins now. ' +
      'It ends with a message `end` that has a `code` when the token may follow no longer.',
    returns: null,
    status: 200,
    produces: ['text/event-stream'],
    fails: [
      'invalid:event.unknown-type',
      'invalid:cursor.invalid',
      'event.not-found',
      'gone:events.cursor-expired',
      'rate-limited:event.too-many-streams',
    ],
  })
  async stream(
    @CurrentPrincipal() principal: UserPrincipal,
    @Query() { after, sessionId, types, only, skips }: FollowEventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sessionIds = sessionId === undefined ? [] : [sessionId];
    const place = lastEventId || after;
    const stream = await this.followers.follow(principal.actor, { after: place, sessionIds, types, only, skips });
    const leave = this.followers.takePlace(principal.actor);
    reply.raw.once('close', leave);
    sendEventStream(reply, (signal) => this.messages(principal, stream, signal));
  }

  @Get('ws')
  @Access('user', 'events', { isStream: true, role: 'staff' })
  @Endpoint({
    summary: 'Follow the event log over a WebSocket',
    description:
      'To be asked for as an upgrade to a WebSocket; the answer is what comes over it. The caller sends ' +
      '`{"type":"subscribe","types":[],"sessionIds":[],"only":[],"skips":[],"after":"…"}`, all but `type` optional, and ' +
      '`{"type":"unsubscribe"}`. Close codes: 4401 no valid token any more, 4403 not allowed any more, 4400 something ' +
      'else than JSON, 1001 the gateway restarts.',
    returns: SocketMessageDto,
    fails: ['invalid:request.no-upgrade', 'rate-limited:event.too-many-streams'],
  })
  socket(@Query() _query: SocketQuery): never {
    // Upgrades do not come here.
    throw invalid('request.no-upgrade', '', 'must be asked for as an upgrade to a WebSocket');
  }

  @Post('stream-tokens')
  @Access('user', 'events', { isReading: true, role: 'staff' })
  @Endpoint({
    summary: 'Get a token that opens streams',
    description: 'For five minutes, as `?token=` of the stream and the WebSocket: browsers cannot set headers there.',
    returns: StreamTokenDto,
    status: 201,
  })
  streamToken(@CurrentPrincipal() principal: UserPrincipal): StreamTokenDto {
    const { token, expiresAt } = this.tokens.issue(principal);
    return { token, expiresAt: expiresAt.toISOString() };
  }

  private async *messages(
    principal: UserPrincipal,
    stream: EventStream,
    signal: AbortSignal,
  ): AsyncGenerator<ServerSentEvent[]> {
    const lost = this.followers.watch(principal, signal);
    const { tenantId } = principal.actor;
    // Whoever is cut off before the first event goes on from here.
    yield [{ id: stream.cursor }];
    for await (const { events } of stream.open(AbortSignal.any([signal, lost])))
      yield events.map((event) => ({ id: cursorOf(tenantId, event), data: event.json }));
    if (lost.aborted) throw lost.reason;
  }
}
