import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';
import type { Logger, WaAuthCredentials } from 'zapo-js';
import { WaClient } from 'zapo-js/client';
import type { WaClientEventMap, WaClientOptions } from 'zapo-js/client';
import { createStore } from 'zapo-js/store';
import type { WaStore, WaStoreBackend } from 'zapo-js/store';
import type { Simulator } from '../src/create-simulator.js';
import { control } from './baileys-client.js';
import { untilChanged } from './patience.js';
import type { Probe } from './patience.js';

// The library takes the runtime's WebSocket, which Node.js has from version 22 on.
Object.assign(globalThis, { WebSocket });

type EventName = keyof WaClientEventMap;
type Payload<K extends EventName> = Parameters<WaClientEventMap[K]>[0];

/** The part of a message the tests look at; the library publishes its own type in a form that cannot be resolved. */
interface Content {
  conversation?: string;
  extendedTextMessage?: { text?: string };
}

const kept: EventName[] = [
  'auth_qr',
  'auth_pairing_code',
  'auth_paired',
  'client_error',
  'connection',
  'connection_success',
  'failure',
  'message',
  'message_protocol',
  'message_receipt',
  'notification',
  'offline_resume',
  'presence',
  'chatstate',
  'group_event',
  'stanza_error',
  'stanza_unhandled',
];

/** An unmodified zapo-js client, a library that shares no code with Baileys; keys in memory, events kept. */
export class ZapoClient {
  readonly events: { name: EventName; payload: unknown }[] = [];
  /** What the library noted in its log. */
  readonly notes: string[] = [];
  /** What the library complained about in its log. */
  readonly complaints: string[] = [];
  readonly signals = new EventEmitter().setMaxListeners(0);
  library: WaClient;
  private credentials: WaAuthCredentials | null = null;
  private readonly store: WaStore = this.inMemory();

  constructor(
    private readonly simulator: Simulator,
    private readonly config: Partial<WaClientOptions> = {},
  ) {
    this.library = this.create();
  }

  get pn(): string {
    return this.library.getCredentials()?.meJid?.split(/[:@]/)[0] ?? '';
  }

  /** Shows a QR code, lets the phone with this number scan it, and logs in. */
  async pair(pn: string): Promise<this> {
    await this.library.connect();
    const { qr } = await this.event('auth_qr');
    const { status, body } = await control(this.simulator, 'POST', '/pair', { pn, qr });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return this.opened();
  }

  /** Shows a code, lets the phone with this number type it, and logs in. */
  async pairByCode(pn: string): Promise<this> {
    await this.library.connect();
    await this.event('auth_qr');
    const code = await this.library.requestPairingCode(pn);
    const { status, body } = await control(this.simulator, 'POST', '/pair-code', { pn, code });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return this.opened();
  }

  /** Waits until the client is logged in and has found its keys on the service to be its own. */
  async opened(): Promise<this> {
    await this.event('connection_success');
    await this.until(() => this.notes.includes('signal digest validated'));
    return this;
  }

  /** Keeps another server key than it was shown, as after the service changed its own. */
  mistakeServerKey(): void {
    if (this.credentials) this.credentials = { ...this.credentials, serverStaticKey: randomBytes(32) };
  }

  /** A new client object on the stored keys, as a restarted process would make one. */
  async restart(): Promise<this> {
    this.events.length = 0;
    this.complaints.length = 0;
    this.notes.length = 0;
    this.library = this.create();
    await this.library.connect();
    return this.opened();
  }

  async sendText(pn: string, text: string): Promise<string> {
    const { id, ack } = await this.library.sendMessage(`${pn}@s.whatsapp.net`, { conversation: text });
    if (ack.error !== undefined) throw new Error(`refused with ${ack.error}`);
    return id;
  }

  /** The first message with this text. */
  received(text: string): Promise<Payload<'message'>> {
    return this.event('message', (event) => {
      const message = event.message as Content | undefined;
      return text === (message?.conversation || message?.extendedTextMessage?.text);
    });
  }

  /** Waits until a receipt of this type has come for a sent message; none is a delivery. */
  receipt(id: string, type?: string): Promise<Payload<'message_receipt'>> {
    return this.event('message_receipt', ({ stanzaId, stanzaType }) => stanzaId === id && stanzaType === type);
  }

  /** The first event with this name that matches, already seen or yet to come. */
  async event<K extends EventName>(
    name: K,
    matches: (payload: Payload<K>) => unknown = () => true,
  ): Promise<Payload<K>> {
    const isWanted = (event: { name: EventName; payload: unknown }) =>
      event.name === name && matches(event.payload as Payload<K>);
    return (await this.until(() => this.events.find(isWanted))).payload as Payload<K>;
  }

  /** Waits until a question about this client has an answer. */
  async until<T>(probe: Probe<T>): Promise<T> {
    const last = (): string => [...this.complaints, ...this.events.map(({ name }) => name)].slice(-20).join('\n');
    return untilChanged(this.signals, probe, () => `${this.pn} waits for ${String(probe)} in vain.\n${last()}`);
  }

  async close(): Promise<void> {
    await this.library.disconnect();
  }

  private create(): WaClient {
    const options: WaClientOptions = {
      store: this.store,
      sessionId: 'test',
      chatSocketUrls: [this.simulator.socketUrl],
      // The library's own way in for servers that are not the production service.
      testHooks: { noiseRootCa: { publicKey: Buffer.from(this.simulator.rootKey, 'hex'), serial: 0 } },
      ...this.config,
    };
    const library = new WaClient(options, this.logger());
    for (const name of kept)
      library.on(name, (payload: unknown) => {
        this.events.push({ name, payload });
        this.signals.emit('change');
      });
    return library;
  }

  /** The library keeps everything in memory by itself except its credentials. */
  private inMemory(): WaStore {
    const auth = {
      load: async () => this.credentials,
      save: async (changed: WaAuthCredentials) => void (this.credentials = changed),
      clear: async () => void (this.credentials = null),
    };
    const backend = { stores: { auth: () => auth }, caches: {} } as unknown as WaStoreBackend;
    return createStore({ backends: { test: backend }, providers: { auth: 'test' } });
  }

  private logger(): Logger {
    const complain = (message: string, context?: Record<string, unknown>): void => {
      this.complaints.push(context ? `${message} ${JSON.stringify(context)}` : message);
    };
    const note = (message: string): void => {
      this.notes.push(message);
      this.signals.emit('change');
    };
    return { level: 'debug', trace: () => undefined, debug: note, info: note, warn: complain, error: complain };
  }
}
