import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { readNewChatCap, readTimeLock } from '../updates/account-limits.js';
import type { NewChatCap, TimeLock } from '../updates/wa-update.js';

const PING_WITHIN_MS = 10_000;

/** How the linked account stands with WhatsApp. */
export class AccountApi {
  constructor(private readonly socket: WASocket) {}

  /** Whether it may write to people who never wrote to it. */
  async timeLock(): Promise<TimeLock> {
    return readTimeLock(await this.ask(() => this.socket.fetchAccountReachoutTimelock()));
  }

  /** How many new chats it may begin. */
  async newChatCap(): Promise<NewChatCap> {
    return readNewChatCap(await this.ask(() => this.socket.fetchNewChatMessageCap()));
  }

  /** Milliseconds until WhatsApp answered. Throws `session.no-answer`. */
  async ping(): Promise<number> {
    const started = performance.now();
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' };
    const query = { tag: 'iq', attrs, content: [{ tag: 'ping', attrs: {} }] };
    await this.ask(() => this.socket.query(query, PING_WITHIN_MS));
    return Math.round(performance.now() - started);
  }

  private async ask<T>(question: () => Promise<T>): Promise<T> {
    const answer = await question().catch((error: unknown) => {
      throw unavailable('session.not-connected', 'WhatsApp could not be reached.', error);
    });
    // Baileys resolves with nothing when no answer came.
    if (answer === undefined) throw new AppError('timeout', 'session.no-answer', 'WhatsApp did not answer in time.');
    return answer;
  }
}
