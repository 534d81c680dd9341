import { Injectable } from '@nestjs/common';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { WaAck, WaReceipt } from '@app/whatsapp/map/receipt.js';
import type { LinkedAccount } from '@app/whatsapp/session-state.js';
import type { JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';

/** A session that this process holds. */
export interface LiveSession {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly account: LinkedAccount;
  /** Null while there is no connection that may send: not connected, or still draining what came in meanwhile. */
  readonly connection: WaConnection | null;
}

/** What a feature does with the traffic of sessions. Must not throw; work that can fail is caught where it is done. */
export interface TrafficHandler {
  onJournalled(session: LiveSession, entry: JournalEntry): void;
  onReceipt(session: LiveSession, receipt: WaReceipt): void;
  onAck(session: LiveSession, ack: WaAck): void;
  /** The session may send again. */
  onReady(session: LiveSession): void;
  findSent(session: LiveSession, messageId: string): Promise<Buffer | null>;
}

/** Where features that live on WhatsApp traffic meet the sessions that carry it. */
@Injectable()
export class SessionTrafficService {
  private registered: TrafficHandler | null = null;
  private readonly live = new Map<string, LiveSession>();

  register(handler: TrafficHandler): void {
    if (this.registered) throw new Error('the traffic of sessions has one handler');
    this.registered = handler;
  }

  get handler(): TrafficHandler {
    if (!this.registered) throw new Error('nobody handles the traffic of sessions');
    return this.registered;
  }

  /** The session, when this process holds it and knows its account. */
  find(sessionId: string): LiveSession | null {
    return this.live.get(sessionId) ?? null;
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
