import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Call, type CallState } from '@app/database/entities/call.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { Repository } from 'typeorm';
import { LookupsService } from '../messaging/lookups.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CallRejectionsService } from './call-rejections.service.js';

const reject = command<string>('calls.reject');

/** The calls that an account was told of. */
@Injectable()
export class CallsService implements OnModuleInit {
  constructor(
    @InjectRepository(Call) private readonly calls: Repository<Call>,
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
    private readonly rejections: CallRejectionsService,
    private readonly lookups: LookupsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(reject, async (_, callId, session) => {
      const call = await this.calls.findOneByOrFail({ sessionId: session.sessionId, callId });
      await this.rejections.reject(session, call);
    });
  }

  /** The newest first. */
  async list(actor: Actor, sessionId: string, query: PageQuery & { state?: CallState }): Promise<Page<Call>> {
    await this.sessions.get(actor, sessionId);
    const { limit, cursor, state } = query;
    const before = decodeCursor(cursor, 2);
    const found = this.calls
      .createQueryBuilder('call')
      .where({ sessionId, tenantId: actor.tenantId, ...(state && { state }) })
      .orderBy('call.startedAt', 'DESC')
      .addOrderBy('call.callId', 'DESC')
      .limit(limit + 1);
    if (before)
      found.andWhere('(call.startedAt, call.callId) < (:at::timestamptz, :id)', { at: before[0], id: before[1] });
    const rows = await found.getMany();
    return toPage(rows, limit, ({ startedAt, callId }) => [startedAt.toISOString(), callId]);
  }

  async get(actor: Actor, sessionId: string, callId: string): Promise<Call> {
    await this.sessions.get(actor, sessionId);
    const call = await this.calls.findOneBy({ sessionId, callId, tenantId: actor.tenantId });
    if (!call) throw notFound('call', callId);
    return call;
  }

  /** Has all devices of the account stop ringing, and writes to the caller if wanted. Throws `call.over`. */
  async reject(actor: Actor, sessionId: string, callId: string, text: string | null): Promise<Call> {
    const call = await this.get(actor, sessionId, callId);
    const ringing = { sessionId, callId, state: 'ringing' as const };
    const { affected } = await this.calls.update(ringing, { rejection: 'due', rejectionText: text });
    if (!affected) throw conflict('call.over', 'The call does not ring any more.');
    await this.commands.run(actor, sessionId, reject, callId).catch(async (error: unknown) => {
      const { rejection, rejectionText } = call;
      await this.calls.update(ringing, { rejection, rejectionText });
      throw error;
    });
    return this.get(actor, sessionId, callId);
  }

  /** A link by which people join a call, now or at a time (RFC 3339). */
  link(actor: Actor, sessionId: string, media: 'audio' | 'video', startsAt: string | null): Promise<string> {
    return this.lookups.callLink(actor, sessionId, media, startsAt);
  }
}
