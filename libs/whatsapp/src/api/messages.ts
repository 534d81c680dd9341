import { randomBytes } from 'node:crypto';
import { jidDecode, jidNormalizedUser, proto, type WASocket } from '@whiskeysockets/baileys';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { stanzaOf } from '../content/stanza.js';
import { toJid, toWaId } from '../map/jid.js';
import type { WaAck } from '../map/receipt.js';
import type { FrameGate } from '../signal/frame-gate.js';
import type { Resend } from '../signal/whole-resends.js';
import { PostSends } from './post-sends.js';

/** A fresh message id, shaped like those of WhatsApp's own web client. */
export const newMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

const STATUS = 'status@broadcast';
const NEWSLETTER = '@newsletter';

/** Sending over one connection. */
export class MessagesApi {
  private readonly posts: PostSends;

  constructor(
    private readonly socket: WASocket,
    private readonly gate: FrameGate,
    private readonly audienceOf: (messageId: string) => Promise<string[]>,
  ) {
    this.posts = new PostSends(socket);
  }

  /**
   * Hands a stored message to WhatsApp under its id and resolves when it is on the wire; the server's ack comes later.
   * Messages leave in the order of the calls, which need not wait for each other.
   * Safe to repeat: recipients drop an id they have seen.
   */
  async send(chatId: string, messageId: string, serialised: Buffer): Promise<void> {
    try {
      const message = proto.Message.decode(serialised);
      if (chatId.endsWith(NEWSLETTER)) await this.posts.send(chatId, messageId, message);
      else await this.relay(chatId, messageId, message);
      await this.gate.flushed;
    } catch (error) {
      throw sendError(error);
    }
  }

  /** WhatsApp's answer to what was sent, by the id of the message that it is for. */
  ackOf(ack: WaAck): WaAck {
    return this.posts.ackOf(ack);
  }

  /** Sends a message once more for a recipient who could not read it. */
  async sendAgain({ chatJid, messageId, message, asker }: Resend): Promise<void> {
    const again = { messageId, ...stanzaOf(message, toWaId(chatJid)) };
    // A status goes to whoever is named; a phone that asks is answered through all devices of its owner, as Baileys does.
    if (toWaId(chatJid) === STATUS) Object.assign(again, { statusJidList: [jidNormalizedUser(asker.jid)] });
    else if (jidDecode(asker.jid)?.device) Object.assign(again, { participant: asker });
    else Object.assign(again, { useUserDevicesCache: false });
    await this.socket.relayMessage(chatJid, message, again);
  }

  /** Asks the own phone for a message that this device could not read; the answer comes as a message, or never. */
  async requestResend(key: { remoteJid: string; id: string; participant?: string }): Promise<void> {
    await this.socket.requestPlaceholderResend({ ...key, fromMe: false });
  }

  /** Shows in a chat that somebody types, or records; it passes by itself. It may get lost and says so to nobody. */
  async showTyping(chatId: string, kind: 'composing' | 'recording'): Promise<void> {
    await this.socket.sendPresenceUpdate(kind, toJid(chatId)).catch(() => undefined);
  }

  private async relay(chatId: string, messageId: string, message: proto.IMessage): Promise<void> {
    const audience = chatId === STATUS ? { statusJidList: await this.statusJidList(messageId) } : {};
    await this.socket.relayMessage(toJid(chatId), message, { messageId, ...stanzaOf(message, chatId), ...audience });
  }

  /** Whom a status is encrypted for: the audience it was stored with, and the own other devices. */
  private async statusJidList(messageId: string): Promise<string[]> {
    const own = this.socket.user?.id;
    const audience = (await this.audienceOf(messageId)).map(toJid);
    return own === undefined ? audience : [...audience, jidNormalizedUser(own)];
  }
}

function sendError(error: unknown): AppError {
  if (error instanceof AppError) return afterAll(error);
  const text = error instanceof Error ? error.message : '';
  if (text.includes('All encryptions failed'))
    return new AppError('unsupported', 'message.recipient-unreachable', 'The recipient has no WhatsApp devices.', {
      cause: error,
    });
  return unavailable('session.not-connected', 'WhatsApp could not be reached.', error);
}

/** Of what the group it goes to is like: what passes must not fail a message. */
function afterAll(error: AppError): AppError {
  const passes = error.kind === 'timeout' || error.kind === 'rate-limited';
  return passes ? unavailable(error.code, error.detail, error) : error;
}
