import { Logger } from '@nestjs/common';
import { type BinaryNode, type CacheStore, proto, type WAMessageKey, type WASocket } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { needsStanzaParts } from '../content/stanza.js';
import { toWaId } from '../map/jid.js';
import type { RetryCounters } from '../retry-counters.js';

/** A message of ours that a recipient could not read and asks for again. */
export interface Resend {
  chatJid: string;
  messageId: string;
  message: proto.IMessage;
  /** The device that asks, and how often it has. */
  asker: { jid: string; count: number };
}

interface Sources {
  counters: RetryCounters;
  findSent(messageId: string): Promise<Buffer | null>;
  resend(resend: Resend): Promise<void>;
}

const MOST = 500;
/** More often than Baileys sends anything again. */
const ENOUGH = Number.MAX_SAFE_INTEGER;

/**
 * Baileys answers recipients who could not read a message by sending it again from inside, without what has to stand
 * around it in the stanza: buttons would be dropped, an edit would be another message, a status go to nobody. It repairs
 * the Signal session, asks for the message, and asks its retry counter right before it sends: there such messages are
 * sent in its place, and it hears that the limit is reached. Everything else is left to it.
 */
export class WholeResends {
  private readonly logger = new Logger(WholeResends.name);
  /** Devices that ask just now, by `<message id>:<device>`, and how often they have. */
  private readonly asking = new LRUCache<string, number>({ max: MOST });
  private readonly due = new LRUCache<string, Resend>({ max: MOST });

  constructor(private readonly sources: Sources) {}

  /** For Baileys, in place of the plain counters. */
  readonly counters: CacheStore = {
    get: async <T>(key: string): Promise<T> => {
      const resend = this.due.get(key);
      if (!resend) return this.sources.counters.get<T>(key);
      this.due.delete(key);
      this.asking.delete(key);
      await this.send(key, resend);
      return ENOUGH as T;
    },
    set: (key, value) => this.sources.counters.set(key, value),
    del: (key) => this.sources.counters.del(key),
    flushAll: () => this.sources.counters.flushAll(),
  };

  /** Listens for who asks; to be called before Baileys has received anything. */
  listen({ ws, messageRetryManager: recent }: WASocket): void {
    ws.prependListener('CB:receipt,type:retry', ({ attrs, content }: BinaryNode) => {
      const retry = Array.isArray(content) ? content.find(({ tag }) => tag === 'retry') : undefined;
      const key = `${attrs.id}:${attrs.participant ?? attrs.from}`;
      this.asking.set(key, Number(retry?.attrs.count) || 1);
      // Left over from an answer that came to nothing: the session is repaired anew.
      this.due.delete(key);
    });
    if (!recent) return;
    // What it remembers by itself it does not ask for.
    const remember = recent.addRecentMessage.bind(recent);
    recent.addRecentMessage = (to, id, message) => {
      if (!needsStanzaParts(message, toWaId(to))) remember(to, id, message);
    };
  }

  /** For Baileys, when it needs a message of ours. */
  async find({ id, remoteJid, participant }: WAMessageKey): Promise<proto.IMessage | undefined> {
    const sent = id ? await this.sources.findSent(id) : null;
    if (!id || !sent) return undefined;
    const message = proto.Message.decode(sent);
    const jid = participant ?? remoteJid;
    const count = this.asking.get(`${id}:${jid}`);
    if (count !== undefined && jid && remoteJid && needsStanzaParts(message, toWaId(remoteJid)))
      this.due.set(`${id}:${jid}`, { chatJid: remoteJid, messageId: id, message, asker: { jid, count } });
    return message;
  }

  private async send(key: string, resend: Resend): Promise<void> {
    const { counters } = this.sources;
    await counters.set(key, ((await counters.get<number | undefined>(key)) ?? 0) + 1);
    // Whoever asked asks again.
    await this.sources.resend(resend).catch(() => this.logger.warn('a message could not be sent again'));
  }
}
