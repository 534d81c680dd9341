import {
  type AuthenticationCreds,
  initAuthCreds,
  makeWASocket,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';

const logger = pino({ level: 'silent' });

export interface BareListener {
  onQr(qr: string): void;
  onOpen(): void;
  onAck(error: string | undefined): void;
  onMessage(message: WAMessage): Promise<void>;
}

/** One account on the plain library: keys in a Map, connects again at once when the connection ends. */
export class BareClient {
  socket: WASocket;
  private readonly creds: AuthenticationCreds = initAuthCreds();
  private readonly keys = inMemoryKeys();
  private isClosed = false;
  /** Messages of one account are handed on one after the other. */
  private handing: Promise<void> = Promise.resolve();

  constructor(
    private readonly socketUrl: string,
    private readonly listener: BareListener,
  ) {
    this.socket = this.connect();
  }

  async send(pn: string, text: string): Promise<void> {
    await this.socket.sendMessage(`${pn}@s.whatsapp.net`, { text });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.socket.end(undefined);
  }

  private connect(): WASocket {
    const socket = makeWASocket({
      waWebSocketUrl: this.socketUrl,
      auth: { creds: this.creds, keys: this.keys },
      logger,
      // Else the library holds every event back for 20 s after pairing, waiting for a history that nobody sends.
      shouldSyncHistoryMessage: () => false,
    });
    const { ev, ws } = socket;
    ev.on('creds.update', (update) => void Object.assign(this.creds, update));
    ev.on('connection.update', ({ qr, connection }) => {
      if (qr) this.listener.onQr(qr);
      if (connection === 'open') this.listener.onOpen();
      if (connection === 'close' && !this.isClosed) this.socket = this.connect();
    });
    ev.on('messages.upsert', ({ messages }) => {
      for (const message of messages) if (!message.key.fromMe) this.handOn(message);
    });
    ws.on('CB:ack,class:message', ({ attrs }: { attrs: Record<string, string> }) => this.listener.onAck(attrs.error));
    return socket;
  }

  private handOn(message: WAMessage): void {
    this.handing = this.handing.then(() => this.listener.onMessage(message));
  }
}

function inMemoryKeys(): SignalKeyStore {
  const rows = new Map<string, unknown>();
  return {
    get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
      const found: Record<string, SignalDataTypeMap[T]> = {};
      for (const id of ids) {
        const value = rows.get(`${type} ${id}`);
        if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
      }
      return found;
    },
    set: (data) => {
      for (const [type, changes] of Object.entries(data))
        for (const [id, value] of Object.entries(changes))
          if (value === null) rows.delete(`${type} ${id}`);
          else rows.set(`${type} ${id}`, value);
    },
  };
}
