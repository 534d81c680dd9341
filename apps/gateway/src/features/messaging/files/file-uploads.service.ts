import { runPrepared } from '@app/database/prepared.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { FILES_WAIT } from '@app/platform/events/channels.js';
import { fillFiles } from '@app/whatsapp/media/fill-files.js';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type LiveSession, SessionTrafficService } from '../../sessions/session-traffic.service.js';
import { MessageSenderService } from '../message-sender.service.js';
import { MessageStatusesService } from '../message-statuses.service.js';
import { AWAITING_FILES, FILES_UPLOADED } from './files.queries.js';
import { UploadsService } from './uploads.service.js';

/** A stored message whose files are still to be uploaded. */
interface AwaitingMessage {
  id: string;
  chatId: string;
  messageId: string;
  proto: Buffer;
}

/** What is going on in one session. */
interface Line {
  /** Messages whose files are being uploaded. */
  busy: Set<string>;
  /** How often others were tried in vain. */
  failures: Map<string, number>;
  /** Those of them that rest until their next try. */
  resting: Set<string>;
}

const AT_ONCE_A_SESSION = 2;
const TRIES = 6;
const FIRST_RETRY_MS = 1_000;

/**
 * Uploads the files of messages that were accepted, and then has these sent. The rows are the queue: after a crash the
 * session's next holder finds them and goes on under the same message ids. Messages to the same chat wait in the
 * database until the files before them are uploaded; those to other chats do not.
 */
@Injectable()
export class FileUploadsService implements OnModuleInit {
  private readonly logger = new Logger(FileUploadsService.name);
  private readonly lines = new Map<string, Line>();
  private readonly looking = new Map<string, { isWanted: boolean }>();

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly traffic: SessionTrafficService,
    private readonly presence: ProcessPresence,
    private readonly uploads: UploadsService,
    private readonly sender: MessageSenderService,
    private readonly statuses: MessageStatusesService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.traffic.register({ onReady: (session) => void this.look(session) });
    await this.presence.listen(FILES_WAIT, (sessionId) => {
      for (const session of this.traffic.named(sessionId)) void this.look(session);
    });
  }

  /** The session has a message with files: they are uploaded from here, or by the process that holds the session. */
  async handOver(sessionId: string): Promise<void> {
    const session = this.traffic.find(sessionId);
    if (session) void this.look(session);
    else await this.database.query('SELECT pg_notify($1, $2)', [FILES_WAIT, sessionId]);
  }

  /** Starts as many uploads as there is room for; one look at a time for each session. */
  private async look(session: LiveSession): Promise<void> {
    const { sessionId } = session;
    const running = this.looking.get(sessionId);
    if (running) return void (running.isWanted = true);
    const look = { isWanted: true };
    this.looking.set(sessionId, look);
    try {
      while (look.isWanted && session.connection) {
        look.isWanted = false;
        await this.start(session);
      }
    } catch (error) {
      this.logger.error('messages with files could not be read', error instanceof Error ? error.stack : undefined);
      this.lookLater(session, FIRST_RETRY_MS);
    } finally {
      this.looking.delete(sessionId);
    }
  }

  private async start(session: LiveSession): Promise<void> {
    const line = this.line(session.sessionId);
    const room = AT_ONCE_A_SESSION - line.busy.size;
    if (room <= 0) return;
    const values = [session.sessionId, [...line.busy, ...line.resting], room];
    const rows = await runPrepared<AwaitingMessage>(this.database, AWAITING_FILES, values);
    for (const row of rows) {
      line.busy.add(row.id);
      void this.deal(session, line, row);
    }
  }

  private async deal(session: LiveSession, line: Line, message: AwaitingMessage): Promise<void> {
    try {
      const proto = await this.filled(session, message);
      await runPrepared(this.database, FILES_UPLOADED, [message.id, proto]);
      line.failures.delete(message.id);
      await this.sender.nudge(session.sessionId);
    } catch (error) {
      await this.onFailure(session, line, message, error);
    } finally {
      line.busy.delete(message.id);
    }
    await this.look(session);
  }

  private filled(session: LiveSession, { chatId, proto }: AwaitingMessage): Promise<Buffer> {
    const isSealed = !chatId.endsWith('@newsletter');
    return fillFiles(proto, (fileId, field) => this.uploads.upload(session, fileId, { field, isSealed }));
  }

  private async onFailure(
    session: LiveSession,
    line: Line,
    { id, messageId }: AwaitingMessage,
    error: unknown,
  ): Promise<void> {
    // Without a connection it is no failure: the next connection, or the next holder of the session, tries again.
    if (!session.connection) return;
    this.logger.warn(`the files of ${id} could not be uploaded: ${error instanceof Error ? error.message : 'unknown'}`);
    const isFinal = error instanceof AppError && error.kind !== 'unavailable' && error.kind !== 'timeout';
    const tries = (line.failures.get(id) ?? 0) + 1;
    if (!isFinal && tries < TRIES) {
      line.failures.set(id, tries);
      line.resting.add(id);
      return this.lookLater(session, FIRST_RETRY_MS * 2 ** (tries - 1), () => line.resting.delete(id));
    }
    line.failures.delete(id);
    const errorCode = isFinal ? error.code : 'media.upload-failed';
    await this.statuses.record({ session, messageId, status: 'failed', at: new Date(), errorCode });
    // What waited behind it goes on.
    await this.sender.nudge(session.sessionId);
  }

  /** The timer itself ends the rest: it may come a little early by the clock, and no other look need follow. */
  private lookLater(session: LiveSession, ms: number, before?: () => void): void {
    const due = (): void => {
      before?.();
      void this.look(session);
    };
    setTimeout(due, ms).unref();
  }

  private line(sessionId: string): Line {
    const line = this.lines.get(sessionId) ?? { busy: new Set(), failures: new Map(), resting: new Set() };
    this.lines.set(sessionId, line);
    return line;
  }
}
