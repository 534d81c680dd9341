import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { conflict } from '@app/platform/errors/app-error.js';
import { runInContext } from '@app/platform/logging/request-context.js';
import { type Fence, LeaseLostError } from '@app/whatsapp/auth/state-writer.js';
import { type CloseReason, reactionTo, retryDelayMs } from '@app/whatsapp/close-reason.js';
import type { ConnectionListener, WaConnection } from '@app/whatsapp/connection.js';
import type { ConnectionOptions } from '@app/whatsapp/connection-options.js';
import type { WaConnections } from '@app/whatsapp/connections.js';
import type { LinkedAccount, SessionState } from '@app/whatsapp/session-state.js';
import type { SessionChange, SessionStatusesService } from './session-statuses.service.js';
import type { LiveSession, SessionTrafficService } from './session-traffic.service.js';

const RECONNECT_WITHIN_MS = 30_000;

/** What runners share. */
export interface RunnerContext {
  connections: WaConnections;
  statuses: SessionStatusesService;
  traffic: SessionTrafficService;
  wipe(fence: Fence): Promise<void>;
  turn(): Promise<void>;
  optionsOf(sessionId: string): Promise<ConnectionOptions>;
}

/** Keeps one session connected for as long as this process holds it. Ends by itself when there is no point in going on. */
export class SessionRunner implements LiveSession {
  /** Resolves when the runner has ended for good. */
  readonly ended: Promise<void>;
  private readonly logger = new Logger(SessionRunner.name);
  private current: WaConnection | null = null;
  private isReady = false;
  private stopping: { reason: string | null } | null = null;
  private failures = 0;
  private known: LinkedAccount | null = null;
  private isWiped = false;
  private wake: () => void = () => undefined;
  private readonly awaitReady = new Set<() => void>();
  private isRenewing = false;

  constructor(
    readonly fence: Fence,
    private readonly context: RunnerContext,
  ) {
    const { sessionId, tenantId } = fence;
    this.ended = runInContext({ sessionId, tenantId }, () => this.run()).catch((error: unknown) => {
      if (error instanceof LeaseLostError) return;
      this.logger.error('the session ended with an error', error instanceof Error ? error.stack : undefined);
    });
  }

  get sessionId(): string {
    return this.fence.sessionId;
  }

  get tenantId(): string {
    return this.fence.tenantId;
  }

  get account(): LinkedAccount {
    if (!this.known) throw conflict('session.not-linked', 'The session is not linked to a WhatsApp account.');
    return this.known;
  }

  get connection(): WaConnection | null {
    return this.isReady ? this.current : null;
  }

  /** Ends the connection and keeps the login. A null reason leaves the status as it is, for whoever takes over. */
  async stop(reason: string | null): Promise<void> {
    this.stopping ??= { reason };
    this.wake();
    await this.current?.close();
    await this.ended;
  }

  /** Connects anew, at once if it has no connection; resolves when the session can be used. Throws `session.not-connected`. */
  async reconnect(): Promise<void> {
    if (!this.known) throw conflict('session.not-linked', 'The session is not linked to a WhatsApp account.');
    const ready = new Promise<boolean>((resolve) => this.awaitReady.add(() => resolve(true)));
    this.isRenewing = this.current !== null;
    if (this.current) await this.current.close();
    else this.wake();
    const late = delay(RECONNECT_WITHIN_MS, false, { ref: false });
    if (await Promise.race([ready, late, this.ended.then(() => false)])) return;
    throw conflict('session.not-connected', 'The session did not connect again in time; it goes on trying.');
  }

  /** Unlinks the device. Throws `session.not-connected` when there is no connection to say so. */
  async logout(): Promise<void> {
    if (!this.current?.account) throw conflict('session.not-connected', 'The session is not connected.');
    await this.current.logout();
    await this.ended;
  }

  async requestPairingCode(phone: string): Promise<string> {
    if (!this.current) throw conflict('session.not-connected', 'The session is not connected.');
    return this.current.requestPairingCode(phone);
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopping) await this.hold();
    } finally {
      this.context.traffic.remove(this.sessionId);
    }
    if (this.stopping?.reason) await this.record({ status: 'stopped', reason: this.stopping.reason });
  }

  /** Loads the state and connects with it, again and again, until the state is broken or the session ends. */
  private async hold(): Promise<void> {
    const broken = new AbortController();
    try {
      const state = await this.context.connections.loadState(this.fence, (error) => {
        broken.abort(error);
        void this.current?.close();
      });
      await this.recover(state);
      while (!this.stopping) {
        await this.context.turn();
        const close = await this.connect(state);
        broken.signal.throwIfAborted();
        await state.store.committed;
        if (!this.stopping) await this.react(close, state);
      }
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      this.logger.error('the state of the session failed', error instanceof Error ? error.stack : undefined);
      await this.pause(retryDelayMs(this.failures++, 0, Math.random()));
    }
  }

  /** Hands over what was journalled but not processed when the last owner ended. */
  private async recover(state: SessionState): Promise<void> {
    if (!state.account) return;
    this.link(state.account);
    for (const entry of await state.journal.unprocessed()) this.context.traffic.handler.onJournalled(this, entry);
  }

  private async connect(state: SessionState): Promise<CloseReason> {
    await this.record({ status: 'connecting', reason: null });
    const options = await this.context.optionsOf(this.sessionId);
    // The history is asked for when the account is linked, and only then.
    options.syncFullHistory &&= !state.account;
    try {
      return await new Promise<CloseReason>((resolve) => {
        this.current = this.context.connections.open(state, this.listener(resolve), options);
        if (this.stopping) void this.current.close();
      });
    } finally {
      this.current = null;
      this.isReady = false;
    }
  }

  private listener(onClosed: (reason: CloseReason) => void): ConnectionListener {
    const { handler } = this.context.traffic;
    return {
      onQr: (text, expiresAt) => this.report({ status: 'pairing', reason: null, qr: { text, expiresAt } }),
      onOpen: (account) => {
        this.failures = 0;
        this.link(account);
        this.report({ status: 'connected', reason: null });
      },
      onReady: () => {
        // After a first login everything is there before WhatsApp says that the connection is open.
        if (this.current?.account) this.link(this.current.account);
        this.isReady = true;
        for (const resolve of this.awaitReady) resolve();
        this.awaitReady.clear();
        handler.onReady(this);
      },
      onDegraded: () => this.report({ status: 'degraded', reason: 'no_answer' }),
      onAccount: (account) => {
        this.link(account);
        this.report({ status: 'connected', reason: null });
      },
      onJournalled: (entry) => handler.onJournalled(this, entry),
      onReceipt: (receipt) => handler.onReceipt(this, receipt),
      onAck: (ack) => handler.onAck(this, ack),
      onUpdate: (update) => handler.onUpdate(this, update),
      onClosed,
      findSent: (messageId) => handler.findSent(this, messageId),
      findAudience: (messageId) => handler.findAudience(this, messageId),
      findGroup: (groupId) => handler.findGroup(this, groupId),
    };
  }

  private async react(close: CloseReason, state: SessionState): Promise<void> {
    const isRenewing = this.isRenewing && close.code === null;
    this.isRenewing = false;
    if (isRenewing) return;
    const reaction = reactionTo(close, this.failures);
    this.logger.log(`closed with ${close.code ?? 'no code'}: ${reaction.kind}`);
    if (reaction.kind === 'restart') return;
    if (reaction.kind === 'retry') {
      await this.record({ status: 'disconnected', reason: reaction.reason });
      return this.pause(retryDelayMs(this.failures++, reaction.minDelayMs, Math.random()));
    }
    if (reaction.wipe) {
      state.retire();
      await this.context.wipe(this.fence);
      this.isWiped = true;
    }
    await this.record({ status: reaction.status, reason: reaction.reason, staysStarted: false });
    this.stopping = { reason: null };
  }

  private link(account: LinkedAccount): void {
    this.known = account;
    this.context.traffic.add(this);
  }

  private async pause(delayMs: number): Promise<void> {
    if (this.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private record(change: Omit<SessionChange, 'account'>): Promise<void> {
    return this.context.statuses.record(this.fence, { ...change, account: this.isWiped ? null : this.known });
  }

  private report(change: Omit<SessionChange, 'account'>): void {
    this.record(change).catch(() => this.logger.error('the status of the session could not be written'));
  }
}
