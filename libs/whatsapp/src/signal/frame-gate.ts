import type { WASocket } from '@whiskeysockets/baileys';
import type { SignalStore } from '../auth/signal-store.js';

type Send = (frame: Uint8Array, done?: (error?: Error) => void) => void;

/**
 * Lets no frame leave before everything that was written until then is committed. That one rule is commit-before-ack
 * and commit-before-send: a receipt waits for the ratchet and the journal row of its message, a message for the ratchet
 * that encrypted it, a pairing answer for the login. Meanwhile Baileys goes on, so that many messages share a commit.
 * Frames keep their order, because each carries the next counter of the Noise cipher.
 */
export class FrameGate {
  private readonly held: { frame: Uint8Array; committed: Promise<void> }[] = [];
  private draining: Promise<void> = Promise.resolve();
  private readonly send: Send;

  constructor(
    socket: WASocket,
    private readonly store: SignalStore,
  ) {
    // Baileys has no hook between its cipher and the WebSocket; it made the WebSocket before it returned.
    const { socket: webSocket } = socket.ws as unknown as { socket: { send: Send } };
    this.send = webSocket.send.bind(webSocket);
    webSocket.send = (frame, done) => this.pass(frame, done);
  }

  /** Resolves when no frame is held back; rejects when one never will leave, because its writes failed. */
  get flushed(): Promise<void> {
    return this.draining;
  }

  private pass(frame: Uint8Array, done?: (error?: Error) => void): void {
    if (!this.held.length && !this.store.isWriting) return this.send(frame, done);
    this.held.push({ frame, committed: this.store.committed });
    if (this.held.length === 1) {
      this.draining = this.drain();
      // Whoever sends a message looks at it; the store's failure ends the connection anyway.
      this.draining.catch(() => undefined);
    }
    done?.();
  }

  private async drain(): Promise<void> {
    for (let next = this.held[0]; next; next = this.held[0]) {
      await next.committed;
      this.send(next.frame);
      this.held.shift();
    }
  }
}
