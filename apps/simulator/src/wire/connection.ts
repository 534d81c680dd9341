import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ServerIdentity } from './certificates.js';
import { FrameReader } from './frame-reader.js';
import { FloodGauge } from './limits.js';
import type { Limits } from './limits.js';
import { NoiseServer } from './noise-server.js';
import type { ClientFinish } from './noise-server.js';
import type { NoiseTransport } from './noise-state.js';
import { decodeStanza, encodeStanza } from './stanza.js';
import type { Stanza } from './stanza.js';
import { Throttle } from './throttle.js';
import type { Clock } from '../world/clock.js';

const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const MAX_HANDSHAKE_BYTES = 16 * 1024;

/** Who wants to know what happens on a connection. */
export interface ConnectionListener {
  onHandshake(connection: Connection, payload: proto.ClientPayload, staticKey: Buffer): void;
  onStanza(connection: Connection, stanza: Stanza): void;
  onClose(connection: Connection): void;
}

/** What a connection is made of. */
export interface ConnectionParts {
  socket: WebSocket;
  tcp: Duplex;
  identity: ServerIdentity;
  handshakeTimeoutMs: number;
  limits: Limits;
}

/** One client socket: bytes to frames, handshake, stanzas both ways. What a stanza means is decided elsewhere. */
export class Connection {
  private frames = new FrameReader(MAX_FRAME_BYTES);
  private readonly socket: WebSocket;
  private readonly tcp: Duplex;
  private readonly noise: NoiseServer;
  private isGreeted = false;
  private transport: NoiseTransport | undefined;
  private isFrozen = false;
  private isClosed = false;
  private isGathering = false;
  private readonly handshakeTimer: NodeJS.Timeout;
  private readonly limits: Limits;
  private readonly flood: FloodGauge;
  private slow: Throttle | undefined;

  constructor(
    readonly id: number,
    { socket, tcp, identity, handshakeTimeoutMs, limits }: ConnectionParts,
    private readonly listener: ConnectionListener,
  ) {
    this.socket = socket;
    this.tcp = tcp;
    this.limits = limits;
    this.flood = new FloodGauge(limits);
    this.noise = new NoiseServer(identity);
    this.handshakeTimer = setTimeout(() => this.reset(), handshakeTimeoutMs).unref();
    socket.on('message', (data: Buffer) => this.receive(data));
    socket.on('error', () => this.reset());
    socket.on('close', () => this.closed());
  }

  /** Whether the client has proved who it is. */
  get isProven(): boolean {
    return this.transport !== undefined;
  }

  /** What waits for the client to read it. */
  get queuedBytes(): number {
    return this.socket.bufferedAmount + (this.slow?.queuedBytes ?? 0);
  }

  /** Encrypts at once: the order of calls is the order on the wire. */
  send(node: Stanza): void {
    if (this.isFrozen || this.isClosed || !this.transport) return;
    this.write(this.transport.frame(encodeStanza(node)));
  }

  /** Sends a frame that cannot be decrypted; the counters stay in step, so what follows can. */
  sendGarbage(): void {
    if (!this.isFrozen && !this.isClosed && this.transport) this.write(this.transport.garbage());
  }

  /** From now on at most this much is sent. */
  throttle(bytesPerSec: number, clock: Clock): void {
    this.slow?.flush();
    this.slow = new Throttle(bytesPerSec, clock, (bytes) => this.socket.send(bytes));
  }

  /** A regular WebSocket close; what was sent before still arrives. */
  close(code = 1000): void {
    if (this.isFrozen) return this.reset();
    this.slow?.flush();
    this.socket.close(code);
  }

  /** Ends the TCP connection with a reset. */
  reset(): void {
    if (this.tcp instanceof Socket) this.tcp.resetAndDestroy();
    else this.tcp.destroy();
  }

  /** Stops reading and writing but keeps TCP open: the peer sees silence. */
  freeze(): void {
    this.isFrozen = true;
    this.socket.pause();
  }

  private write(bytes: Buffer): void {
    this.gather();
    if (this.slow) this.slow.push(bytes);
    else this.socket.send(bytes);
    // A client that does not read must not fill the memory.
    if (this.queuedBytes > this.limits.queuedBytes) this.reset();
  }

  /** What is sent in one turn leaves in one system call. */
  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    this.tcp.cork();
    process.nextTick(() => {
      this.isGathering = false;
      this.tcp.uncork();
    });
  }

  private receive(data: Buffer): void {
    if (this.isFrozen || this.isClosed) return;
    try {
      const frames = this.frames.push(data);
      if (!this.flood.bears(frames.length, data.length)) throw new Error('flood');
      for (const frame of frames) this.read(frame);
    } catch {
      // Garbage, a wrong key, a broken stanza or too much of anything: like the real service, drop this connection only.
      this.reset();
    }
  }

  private read(frame: Buffer): void {
    if (this.transport) {
      this.listener.onStanza(this, decodeStanza(this.transport.open(frame)));
    } else if (frame.length > MAX_HANDSHAKE_BYTES) {
      throw new Error('oversized handshake');
    } else if (this.isGreeted) {
      this.enter(this.noise.finish(frame));
    } else {
      this.isGreeted = true;
      const { reply, finish } = this.noise.hello(frame);
      const header = Buffer.alloc(3);
      header.writeUIntBE(reply.length, 0, 3);
      this.socket.send(Buffer.concat([header, reply]));
      if (finish) this.enter(finish);
    }
  }

  private enter({ transport, payload, staticKey }: ClientFinish): void {
    this.transport = transport;
    clearTimeout(this.handshakeTimer);
    this.listener.onHandshake(this, payload, staticKey);
  }

  private closed(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.handshakeTimer);
    this.listener.onClose(this);
  }
}
