import { Injectable } from '@nestjs/common';
import { Clock } from '@app/platform/clock/clock.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { LiveSession } from '../../sessions/session-traffic.service.js';
import type { Alarm } from './alarm.js';
import { PacedQueueService, type ReadyMessage } from './paced-queue.service.js';
import { RegimesService } from './regimes.service.js';

/** Longest sleep: whoever sleeps looks now and then whether its session is still there. */
const LONGEST_SLEEP_MS = 10_000;
/** A sleep that is not worth being ended by a message that comes in meanwhile. */
const NAP_MS = 1_000;

/** The line of a session, as far as pacing has to do with it. */
export interface PacedLine {
  alarm: Alarm;
  /** Something else is to be done first: the line rests, or there are messages to be sent again. */
  mustStop(): boolean;
  /** Messages may have come in since this was asked last. */
  hasNews(): boolean;
  /** Resolves when the message left and that is stored, or when it stays where it is. */
  send(message: ReadyMessage): Promise<void>;
}

/** Sends the messages of a session one by one, by its rules, until nothing waits any more. */
@Injectable()
export class PacedLineService {
  constructor(
    private readonly queue: PacedQueueService,
    private readonly regimes: RegimesService,
    private readonly clock: Clock,
  ) {}

  async run(session: LiveSession, line: PacedLine): Promise<void> {
    while (session.connection && !line.mustStop()) {
      line.hasNews();
      const ready = await this.queue.next(session.sessionId);
      if (ready.length) await this.sendAll(session, line, ready);
      else {
        const at = await this.queue.nextTime(session.sessionId);
        if (!at) return;
        await this.sleepUntil(at, line);
      }
    }
  }

  /** Reads the rules of a session, and judges by them what it holds back. */
  async learnRules(sessionId: string): Promise<void> {
    await this.regimes.load(sessionId);
    await this.queue.release(sessionId);
  }

  /** Up to where something more urgent may have come in. */
  private async sendAll(session: LiveSession, line: PacedLine, ready: ReadyMessage[]): Promise<void> {
    for (const message of ready) {
      const at = this.regimes.of(session.sessionId)?.pace.next(message.priority, this.clock.now());
      if (at && at > this.clock.now()) await this.sleepUntil(at, line);
      if (line.mustStop() || line.hasNews() || (at && at > this.clock.now())) return;
      const { connection } = session;
      if (!connection) return;
      await this.send(session.sessionId, connection, line, message);
    }
  }

  private async send(
    sessionId: string,
    connection: WaConnection,
    line: PacedLine,
    message: ReadyMessage,
  ): Promise<void> {
    if (message.typingSeconds) {
      await connection.messages.showTyping(message.chatId, message.type === 'voice' ? 'recording' : 'composing');
      return this.queue.beginTyping(sessionId, message.id);
    }
    if (message.isNew) await this.queue.beginChat(sessionId, message.chatId);
    await line.send(message);
    this.regimes.of(sessionId)?.pace.take(this.clock.now());
  }

  /** For a short time nobody can end the sleep, so that a flood of messages is not looked at one by one. */
  private async sleepUntil(at: Date, line: PacedLine): Promise<void> {
    const ms = Math.max(0, at.getTime() - this.clock.now().getTime());
    if (ms > NAP_MS) await line.alarm.sleep(Math.min(ms, LONGEST_SLEEP_MS));
    else await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
