import { EventEmitter, once } from 'node:events';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SessionCommand } from '@app/database/entities/session-command.entity.js';
import { Session } from '@app/database/entities/session.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { AppError, conflict, notFound } from '@app/platform/errors/app-error.js';
import { COMMAND_DONE, COMMAND_WAITS } from '@app/platform/events/channels.js';
import { newId } from '@app/platform/ids/id.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import { Repository } from 'typeorm';
import { SessionLeasesService } from './session-leases.service.js';
import type { SessionRunner } from './session-runner.js';
import { SessionSupervisorService } from './session-supervisor.service.js';
import type { LiveSession } from './session-traffic.service.js';

/** Something a session can be asked to do. Input and output travel as JSON. */
export interface Command<Input, Output> {
  readonly name: string;
  /** Only here for the types. */
  readonly types?: { input: Input; output: Output };
}

/** Names a command, such as `chats.archive`. */
export const command = <Input, Output = void>(name: string): Command<Input, Output> => ({ name });

/** How whatever needs the connection may fail, for `@Endpoint`. */
export const needsWhatsApp = [
  'session.not-found',
  'session.not-connected',
  'timeout:session.no-answer',
  'timeout:whatsapp.no-answer',
  'forbidden:whatsapp.forbidden',
  'rate-limited:whatsapp.rate-limited',
  'unavailable:whatsapp.failed',
];

/** What went wrong with one of several things; without a session there is no point in going on with the others. */
export function problemOf(error: unknown): { code: string; detail: string } {
  if (!(error instanceof AppError) || error.code.startsWith('session.')) throw error;
  return { code: error.code, detail: error.detail };
}

type Handler = (session: SessionRunner, input: never) => Promise<unknown>;
type Answer =
  { output: unknown } | { problem: Pick<AppError, 'kind' | 'code' | 'detail'> & Omit<AppError['extra'], 'cause'> };

const ANSWER_WITHIN_MS = 60_000;
const LOOK_MS = 1_000;

/** Carries commands to the process that holds the session, and the answers back. */
@Injectable()
export class SessionCommandsService implements OnModuleInit {
  private readonly logger = new Logger(SessionCommandsService.name);
  private readonly handlers = new Map<string, Handler>();
  private readonly answered = new EventEmitter().setMaxListeners(0);

  constructor(
    @InjectRepository(SessionCommand) private readonly commands: Repository<SessionCommand>,
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly supervisor: SessionSupervisorService,
    private readonly leases: SessionLeasesService,
    private readonly presence: ProcessPresence,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.presence.listen(COMMAND_WAITS, (payload) => {
      const [sessionId = '', id = ''] = payload.split(' ');
      if (this.supervisor.find(sessionId)) void this.serve(id);
    });
    await this.presence.listen(COMMAND_DONE, (id) => this.answered.emit(id));
  }

  /** Says how a command is done where the session is held, whatever its state. */
  onHeld<I, O>({ name }: Command<I, O>, handler: (session: SessionRunner, input: I) => Promise<O>): void {
    if (this.handlers.has(name)) throw new Error(`there are two handlers for ${name}`);
    this.handlers.set(name, handler);
  }

  /** Says how a command is done over the session's connection; without one it is refused. */
  on<I, O>(
    order: Command<I, O>,
    handler: (connection: WaConnection, input: I, session: LiveSession) => Promise<O>,
  ): void {
    this.onHeld<I, O>(order, (session, input) => {
      if (!session.connection) throw notConnected();
      return handler(session.connection, input, session);
    });
  }

  /**
   * Has a session of the actor's tenant do something, here or in the process that holds it. Throws `session.not-found`,
   * `session.not-connected` when nobody holds it, `session.no-answer`, and whatever the command throws as an AppError.
   */
  async run<I, O>(
    { tenantId }: Pick<Actor, 'tenantId'>,
    sessionId: string,
    { name }: Command<I, O>,
    input: I,
  ): Promise<O> {
    if (!(await this.sessions.existsBy({ id: sessionId, tenantId }))) throw notFound('session', sessionId);
    const held = this.supervisor.find(sessionId);
    if (held) return (await this.handler(name)(held, input as never)) as O;
    if (!(await this.leases.isHeldByOther(sessionId))) throw notConnected();
    return (await this.ask({ tenantId, sessionId, name, input })) as O;
  }

  private async ask(order: Pick<SessionCommand, 'tenantId' | 'sessionId' | 'name' | 'input'>): Promise<unknown> {
    const id = newId('command');
    const expiresAt = new Date(Date.now() + ANSWER_WITHIN_MS);
    await this.commands.insert({ ...order, id, expiresAt, input: (order.input ?? null) as never });
    try {
      await this.commands.query('SELECT pg_notify($1, $2)', [COMMAND_WAITS, `${order.sessionId} ${id}`]);
      return outputOf(await this.answerTo(id, expiresAt));
    } finally {
      await this.commands.delete({ id });
    }
  }

  private async answerTo(id: string, expiresAt: Date): Promise<Answer> {
    while (new Date() < expiresAt) {
      await once(this.answered, id, { signal: AbortSignal.timeout(LOOK_MS) }).catch(() => undefined);
      const row = await this.commands.findOneBy({ id, state: 'done' });
      if (row) return row.answer as Answer;
    }
    throw new AppError('timeout', 'session.no-answer', 'The process that holds the session did not answer in time.');
  }

  /** Does a command that another process has written down. */
  private async serve(id: string): Promise<void> {
    try {
      const { affected } = await this.commands.update({ id, state: 'waiting' }, { state: 'running' });
      const order = affected ? await this.commands.findOneBy({ id }) : null;
      if (!order || order.expiresAt < new Date()) return;
      await this.commands.update({ id }, { state: 'done', answer: await this.answer(order) });
      await this.commands.query('SELECT pg_notify($1, $2)', [COMMAND_DONE, id]);
    } catch (error) {
      this.logger.error('a command could not be answered', error instanceof Error ? error.stack : undefined);
    }
  }

  private async answer({ sessionId, name, input }: SessionCommand): Promise<Answer> {
    try {
      const held = this.supervisor.find(sessionId);
      if (!held) throw notConnected();
      return { output: (await this.handler(name)(held, input as never)) ?? null };
    } catch (error) {
      if (!(error instanceof AppError)) {
        this.logger.error(`the command ${name} failed`, error instanceof Error ? error.stack : undefined);
        return {
          problem: { kind: 'unavailable', code: 'session.command-failed', detail: 'The session failed to do it.' },
        };
      }
      const { kind, code, detail, extra } = error;
      const { errors, retryAfterSeconds } = extra;
      return { problem: { kind, code, detail, errors, retryAfterSeconds } };
    }
  }

  private handler(name: string): Handler {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`nobody handles the command ${name}`);
    return handler;
  }
}

const notConnected = () => conflict('session.not-connected', 'The session is not connected; start it first.');

function outputOf(answer: Answer): unknown {
  if ('output' in answer) return answer.output;
  const { kind, code, detail, ...extra } = answer.problem;
  throw new AppError(kind, code, detail, extra);
}
