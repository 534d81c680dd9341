import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ServerIdentity } from './certificates.js';
import { FrameReader } from './frame-reader.js';
import { NoiseServer } from './noise-server.js';
import type { ClientFinish } from './noise-server.js';
import type { NoiseTransport } from './noise-state.js';
import { decodeStanza, encodeStanza } from './stanza.js';
import type { Stanza } from './stanza.js';

const MAX_FRAME_BYTES = 8 * 1024 * 1024;
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
}

/** One client socket: bytes to frames, handshake, stanzas both ways. What a stanza means is decided elsewhere. */
export class Connection {
  readonly openedAt = new Date();
  private frames = new FrameReader(MAX_FRAME_BYTES);
  private readonly socket: WebSocket;
  private readonly tcp: Duplex;
  private readonly noise: NoiseServer;
  private isGreeted = false;
  private transport: NoiseTransport | undefined;
  private isFrozen = false;
  private isClosed = false;
  private readonly handshakeTimer: NodeJS.Timeout;

  constructor(
    readonly id: number,
    { socket, tcp, identity, handshakeTimeoutMs }: ConnectionParts,
    private readonly listener: ConnectionListener,
  ) {
    this.socket = socket;
    this.tcp = tcp;
    this.noise = new NoiseServer(identity);
    this.handshakeTimer = setTimeout(() => this.reset(), handshakeTimeoutMs).unref();
    socket.on('message', (data: Buffer) => this.receive(data));
    socket.on('error', () => this.reset());
    socket.on('close', () => this.closed());
  }

  /** Encrypts and writes at once: the order of calls is the order on the wire. */
  send(node: Stanza): void {
    if (this.isFrozen || this.isClosed || !this.transport) return;
    this.socket.send(this.transport.frame(encodeStanza(node)));
  }

  /** A regular WebSocket close; what was sent before still arrives. */
  close(): void {
    if (this.isFrozen) this.reset();
    else this.socket.close(1000);
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

  private receive(data: Buffer): void {
    if (this.isFrozen) return;
    try {
      for (const frame of this.frames.push(data)) this.read(frame);
    } catch {
      // Garbage, a wrong key or a broken stanza: like the real service, drop this connection and nothing else.
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
