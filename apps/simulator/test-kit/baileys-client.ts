import { EventEmitter, once } from 'node:events';
import { WA_CERT_DETAILS, initAuthCreds, makeWASocket, proto } from '@whiskeysockets/baileys';
import type {
  AuthenticationCreds,
  BaileysEventMap,
  SignalDataTypeMap,
  UserFacingSocketConfig,
  WAMessage,
  WASocket,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { Simulator } from '../src/create-simulator.js';
import { eventNames } from './event-names.js';
import { trustMedia } from './media-trust.js';
import type { MediaTrust } from './media-trust.js';
import { untilChanged } from './patience.js';
import type { Probe } from './patience.js';

type Store = { [type: string]: { [id: string]: unknown } };

/** Why a connection ended: the status code Baileys reports. */
export interface Ending {
  statusCode: number | undefined;
}

// Baileys leaves timers behind (30 s after each upload of keys, 20 s of waiting for history), which would keep a
// finished test run alive.
const originalSetTimeout = globalThis.setTimeout;
const patient = (...args: Parameters<typeof setTimeout>): NodeJS.Timeout => {
  const timer = originalSetTimeout(...args);
  return (args[1] ?? 0) >= 2_000 ? timer.unref() : timer;
};
globalThis.setTimeout = Object.assign(patient, { __promisify__: originalSetTimeout.__promisify__ });

/** An answer of the control API; `T` is what the test expects in it. */
export interface Answer<T> {
  status: number;
  body: T;
}

/** Calls the control API. */
export async function control<T = Record<string, unknown>>(
  simulator: Simulator,
  method: string,
  path: string,
  payload?: unknown,
): Promise<Answer<T>> {
  const headers: Record<string, string> = { authorization: `Bearer ${simulator.token}` };
  if (payload !== undefined) headers['content-type'] = 'application/json';
  const body = payload === undefined ? null : JSON.stringify(payload);
  const response = await fetch(simulator.url + path, { method, headers, body });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T };
}

/** Creates one person played by the simulator. */
export async function aContact(simulator: Simulator, order: object = {}): Promise<{ pn: string; lid: string }> {
  const { body } = await control<{ items: { pn: string; lid: string }[] }>(simulator, 'POST', '/accounts', order);
  const [contact] = body.items;
  if (!contact) throw new Error(JSON.stringify(body));
  return contact;
}

/** An unmodified Baileys client with its keys in memory; events are kept, so nothing is missed between two awaits. */
export class BaileysClient {
  readonly creds: AuthenticationCreds = initAuthCreds();
  readonly upserts: { message: WAMessage; type: string }[] = [];
  readonly updates: BaileysEventMap['messages.update'] = [];
  readonly presences: BaileysEventMap['presence.update'][] = [];
  /** Everything the library told, in order. */
  readonly events: { name: keyof BaileysEventMap; payload: unknown }[] = [];
  readonly signals = new EventEmitter().setMaxListeners(0);
  qr: string | undefined;
  isOpen = false;
  ending: Ending | undefined;
  socket!: WASocket;
  /** Trust in the media server; `media.config.options` is what downloads need. */
  media: MediaTrust;
  private readonly store: Store = {};
  private connected = false;
  private wasClosed = false;

  constructor(
    private readonly simulator: Simulator,
    private readonly config: Partial<UserFacingSocketConfig> = {},
  ) {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(simulator.rootKey, 'hex');
    this.media = trustMedia(simulator);
  }

  /** The phone number this client is linked to. */
  get pn(): string {
    return this.creds.me?.id.split(/[:@]/)[0] ?? '';
  }

  connect(): this {
    this.qr = undefined;
    this.isOpen = false;
    this.ending = undefined;
    // Closing ended the trust in the media server, too.
    if (this.wasClosed) this.media = trustMedia(this.simulator);
    this.wasClosed = false;
    this.connected = true;
    this.socket = makeWASocket({
      waWebSocketUrl: this.simulator.socketUrl,
      auth: { creds: this.creds, keys: this.keys() },
      logger: pino({ level: 'silent' }),
      getMessage: async ({ id }) => this.sent.get(id ?? ''),
      ...this.media.config,
      ...this.config,
    });
    const { ev } = this.socket;
    for (const name of eventNames)
      ev.on(name, (payload: unknown) => {
        this.events.push({ name, payload });
        this.signals.emit('change');
      });
    ev.on('creds.update', (update) => {
      Object.assign(this.creds, update);
      this.signals.emit('change');
    });
    ev.on('connection.update', ({ qr, connection, lastDisconnect }) => {
      if (qr) this.qr = qr;
      if (connection === 'open') this.isOpen = true;
      if (connection === 'close') {
        const error = lastDisconnect?.error as { output?: { statusCode: number } } | undefined;
        this.ending = { statusCode: error?.output?.statusCode };
        this.isOpen = false;
      }
      this.signals.emit('change');
    });
    ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) this.upserts.push({ message, type });
      this.signals.emit('change');
    });
    ev.on('messages.update', (updates) => {
      this.updates.push(...updates);
      this.signals.emit('change');
    });
    ev.on('presence.update', (update) => {
      this.presences.push(update);
      this.signals.emit('change');
    });
    return this;
  }

  readonly sent = new Map<string, proto.IMessage | undefined>();

  /** Waits until a question about this client has an answer; `what` says in a failure what was waited for. */
  async until<T>(probe: Probe<T>): Promise<T>;
  async until<T>(what: string, probe: Probe<T>): Promise<T>;
  async until<T>(...args: [Probe<T>] | [string, Probe<T>]): Promise<T> {
    const [what, probe] = args.length === 2 ? args : [String(args[0]), args[0]];
    return untilChanged(this.signals, probe, () => this.missing(what));
  }

  /** The first event with this name that matches, already seen or yet to come. */
  async event<K extends keyof BaileysEventMap>(
    name: K,
    matches: (payload: BaileysEventMap[K]) => unknown = () => true,
  ): Promise<BaileysEventMap[K]> {
    const isWanted = (event: { name: string; payload: unknown }) =>
      event.name === name && matches(event.payload as BaileysEventMap[K]);
    const what = `the event ${name} with ${String(matches)}`;
    return (await this.until(what, () => this.events.find(isWanted))).payload as BaileysEventMap[K];
  }

  async opened(): Promise<this> {
    await this.until('an open connection', () => this.isOpen);
    return this;
  }

  async ended(): Promise<Ending> {
    return this.until('the end of the connection', () => this.ending);
  }

  /** Takes over the stored keys of another client object, as a restarted process would. */
  adopt(other: BaileysClient): void {
    Object.assign(this.creds, other.creds);
    Object.assign(this.store, other.store);
  }

  /** Forgets the Signal session with everybody, as a restore from an old backup would. */
  forgetSessions(): void {
    this.store.session = {};
  }

  /** Forgets the keys of group messages, as a client does that has lost a part of its store. */
  forgetSenderKeys(): void {
    this.store['sender-key'] = {};
  }

  /** Copies of the stored Signal sessions, to put back later. */
  backUpSessions(): () => void {
    const copy = structuredCloneKeepingBuffers(this.store.session ?? {}) as { [id: string]: unknown };
    return () => void (this.store.session = copy);
  }

  /** Shows a QR code, lets the phone with this number scan it, and logs in. */
  async pair(pn: string): Promise<this> {
    this.connect();
    const qr = await this.until('a QR code', () => this.qr);
    const { status, body } = await control(this.simulator, 'POST', '/pair', { pn, qr });
    if (status !== 200) throw new Error(JSON.stringify(body));
    await this.ended();
    await this.connect().opened();
    // Before the first synchronisation has ended the library may hold events back for half a minute.
    await this.until('the first synchronisation', () => this.creds.accountSyncCounter);
    return this;
  }

  async sendText(pn: string, text: string): Promise<string> {
    const { key, message } = (await this.socket.sendMessage(`${pn}@s.whatsapp.net`, { text })) ?? {};
    if (!key?.id || !message) throw new Error('not sent');
    this.sent.set(key.id, message);
    return key.id;
  }

  /** The first message with this text, or the first of any when none is given. */
  async received(text?: string): Promise<{ message: WAMessage; type: string }> {
    const textOf = ({ message }: WAMessage) => message?.conversation || message?.extendedTextMessage?.text;
    return this.until(`the message ${text ?? ''}`, () =>
      this.upserts.find(({ message }) => !message.key.fromMe && textOf(message) && (!text || textOf(message) === text)),
    );
  }

  /** The highest status seen for a sent message; Baileys reports it in either of two events. */
  statusOf(id: string): number {
    const own = this.upserts.filter(({ message }) => message.key.id === id).map(({ message }) => message.status);
    const updated = this.updates.filter(({ key }) => key.id === id).map(({ update }) => update.status);
    return Math.max(-1, ...[...own, ...updated].map((status) => Number(status ?? -1)));
  }

  /** Who has read a message sent to a group or as a status; Baileys may fold this into the message itself. */
  readersOf(id: string): Set<string> {
    const folded = this.upserts.filter(({ message }) => message.key.id === id);
    const updates = this.events.flatMap(({ name, payload }) =>
      name === 'message-receipt.update' ? (payload as BaileysEventMap['message-receipt.update']) : [],
    );
    const receipts = [
      ...folded.flatMap(({ message }) => message.userReceipt ?? []),
      ...updates.filter(({ key }) => key.id === id).map(({ receipt }) => receipt),
    ];
    return new Set(receipts.filter(({ readTimestamp }) => readTimestamp).map(({ userJid }) => userJid ?? ''));
  }

  /** The codes with which the service refused a sent message, if it did. */
  refusalOf(id: string): string[] | undefined {
    const own = this.upserts.filter(({ message }) => message.key.id === id).map(({ message }) => message);
    const updated = this.updates.filter(({ key }) => key.id === id).map(({ update }) => update);
    const codes = [...own, ...updated].map((state) => state.messageStubParameters as string[] | null | undefined);
    return codes.find((found) => found?.length) ?? undefined;
  }

  /** Waits until a sent message has reached at least this status. */
  async reached(id: string, status: number): Promise<void> {
    await this.until(`status ${status} of ${id}`, () => this.statusOf(id) >= status);
  }

  /** Lets everything arrive that was on its way, and releases events that the library may hold back for half a minute. */
  async settle(): Promise<void> {
    const attrs = { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' };
    await this.socket.query({ tag: 'iq', attrs, content: [{ tag: 'ping', attrs: {} }] });
    this.socket.ev.flush();
  }

  /** Ends the connection from this side; a client that never connected has nothing to end. */
  async close(): Promise<void> {
    if (this.connected) await this.socket.end(undefined);
    this.wasClosed = true;
    await this.media.close();
  }

  /** What a test was waiting for in vain, with what happened instead. */
  private async missing(what: string): Promise<string> {
    const last = this.events.slice(-10).map(({ name, payload }) => `${name} ${brief(payload)}`);
    const state = this.ending ? `ended with ${this.ending.statusCode}` : this.isOpen ? 'open' : 'not open';
    const unanswered = brief((await control(this.simulator, 'GET', '/unanswered')).body);
    return [`${this.pn || 'Nobody yet'} waits for ${what} in vain; ${state}, unanswered ${unanswered}.`, ...last].join(
      '\n',
    );
  }

  private keys() {
    const { store } = this;
    return {
      get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const found: { [id: string]: SignalDataTypeMap[T] } = {};
        for (const id of ids) {
          const value = store[type]?.[id];
          if (value !== undefined) found[id] = structuredCloneKeepingBuffers(value) as SignalDataTypeMap[T];
        }
        return found;
      },
      set: async (data: { [type: string]: { [id: string]: unknown } | undefined }) => {
        for (const [type, rows] of Object.entries(data))
          for (const [id, value] of Object.entries(rows ?? {})) {
            const table = (store[type] ??= {});
            if (value === null) delete table[id];
            else table[id] = value;
          }
      },
    };
  }
}

const BRIEF_LENGTH = 200;

function brief(payload: unknown): string {
  return (JSON.stringify(payload) ?? '').slice(0, BRIEF_LENGTH);
}

function structuredCloneKeepingBuffers(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(structuredCloneKeepingBuffers);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structuredCloneKeepingBuffers(inner)]));
}

/** Opens a bare WebSocket to the network, for malformed traffic; with a status: one that is refused with it. */
export async function rawSocket(simulator: Simulator, refusedWith?: number): Promise<WebSocket> {
  const socket = new WebSocket(simulator.socketUrl);
  const refusal = refusedWith === undefined ? undefined : once(socket, 'unexpected-response');
  socket.on('error', () => undefined);
  if (!refusal) await once(socket, 'open');
  else {
    const [, { statusCode }] = (await refusal) as [unknown, { statusCode?: number }];
    if (statusCode !== refusedWith) throw new Error(`refused with ${statusCode}`);
  }
  return socket;
}

/** Waits until a bare WebSocket is gone, whichever way. */
export function closed(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}
