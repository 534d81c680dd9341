import { Injectable } from '@nestjs/common';
import { notFound } from '@app/platform/errors/app-error.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { SendableGroup } from '@app/whatsapp/groups/sendable-group.js';
import type { WaAck, WaReceipt } from '@app/whatsapp/map/receipt.js';
import type { LinkedAccount } from '@app/whatsapp/session-state.js';
import type { JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';
import type { WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import type { EntityManager } from 'typeorm';

/** A session that this process holds. */
export interface LiveSession {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly account: LinkedAccount;
  /** Null while there is no connection that may send: not connected, or still draining what came in meanwhile. */
  readonly connection: WaConnection | null;
}

/**
 * What a feature does with the traffic of sessions; it implements what it cares for. Must not throw; work that can fail
 * is caught where it is done.
 */
export interface TrafficHandler {
  onJournalled(session: LiveSession, entry: JournalEntry): void;
  onReceipt(session: LiveSession, receipt: WaReceipt): void;
  onAck(session: LiveSession, ack: WaAck): void;
  /** Something changed that is no message: chats, history, address pairs, limits … */
  onUpdate(session: LiveSession, update: WaUpdate): void;
  /** The session may send again. */
  onReady(session: LiveSession): void;
  /** The login is forgotten, in this transaction: what happens until the next one is told to nobody. */
  onForgotten(tx: EntityManager, sessionId: string): Promise<void>;
  findSent(session: LiveSession, messageId: string): Promise<Buffer | null>;
  /** waIds of those who get a status of ours. */
  findAudience(session: LiveSession, messageId: string): Promise<string[]>;
  /** Who is in a group, and how it is written to. Throws an AppError. */
  findGroup(session: LiveSession, groupId: string): Promise<SendableGroup>;
}

/** Where features that live on WhatsApp traffic meet the sessions that carry it. */
@Injectable()
export class SessionTrafficService {
  private readonly handlers: Partial<TrafficHandler>[] = [];
  private readonly live = new Map<string, LiveSession>();

  register(handler: Partial<TrafficHandler>): void {
    this.handlers.push(handler);
  }

  /** Every registered handler as one. */
  readonly handler: TrafficHandler = {
    onJournalled: (...traffic) => this.handlers.forEach((handler) => handler.onJournalled?.(...traffic)),
    onReceipt: (...traffic) => this.handlers.forEach((handler) => handler.onReceipt?.(...traffic)),
    onAck: (...traffic) => this.handlers.forEach((handler) => handler.onAck?.(...traffic)),
    onUpdate: (...traffic) => this.handlers.forEach((handler) => handler.onUpdate?.(...traffic)),
    onReady: (session) => this.handlers.forEach((handler) => handler.onReady?.(session)),
    onForgotten: async (...traffic) => {
      for (const handler of this.handlers) await handler.onForgotten?.(...traffic);
    },
    findSent: async (...question) => {
      for (const handler of this.handlers) {
        const sent = await handler.findSent?.(...question);
        if (sent) return sent;
      }
      return null;
    },
    findAudience: async (...question) => {
      for (const handler of this.handlers) {
        const audience = await handler.findAudience?.(...question);
        if (audience) return audience;
      }
      return [];
    },
    findGroup: async (session, groupId) => {
      for (const handler of this.handlers) if (handler.findGroup) return handler.findGroup(session, groupId);
      throw notFound('group', groupId);
    },
  };

  /** The session, when this process holds it and knows its account. */
  find(sessionId: string): LiveSession | null {
    return this.live.get(sessionId) ?? null;
  }

  /** Those of this process that a notification is about. One without a name says that some may have been missed. */
  named(sessionId: string): LiveSession[] {
    if (sessionId === '') return this.all();
    const session = this.find(sessionId);
    return session ? [session] : [];
  }

  all(): LiveSession[] {
    return [...this.live.values()];
  }

  add(session: LiveSession): void {
    this.live.set(session.sessionId, session);
  }

  remove(sessionId: string): void {
    this.live.delete(sessionId);
  }
}
