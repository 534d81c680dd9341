import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';

const EVERY_MS = 20_000;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Asks WhatsApp for an answer every now and then: an open socket proves nothing (NAT tables forget, servers stall).
 * `onDead` is called once when no answer came; the probe has ended by then.
 */
export class LivenessProbe {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WASocket,
    private readonly onDead: () => void,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.ask(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async ask(): Promise<void> {
    const ping = {
      tag: 'iq',
      attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' },
      content: [{ tag: 'ping', attrs: {} }],
    };
    // An error is an answer too, unless it says that none came; Baileys tells that in two ways.
    const answer: unknown = await this.socket.query(ping, ANSWER_WITHIN_MS).catch((error: unknown) => error);
    const isSilent =
      answer === undefined || (answer as { output?: { statusCode?: number } }).output?.statusCode === 408;
    if (!isSilent || !this.timer) return;
    this.stop();
    this.onDead();
  }
}
