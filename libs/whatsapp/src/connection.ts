import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Boom } from '@hapi/boom';
import {
  type AuthenticationCreds,
  type BinaryNode,
  type ConnectionState,
  DisconnectReason,
  makeWASocket,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys';
import { conflict } from '@app/platform/errors/app-error.js';
import { GroupsApi } from './api/groups.js';
import { HistoryApi } from './api/history.js';
import { LabelsApi } from './api/labels.js';
import { LinksApi } from './api/links.js';
import { LookupsApi } from './api/lookups.js';
import { MediaApi } from './api/media.js';
import { AppState } from './api/app-state.js';
import { AppStateMarks } from './api/app-state-marks.js';
import { BusinessApi } from './api/business.js';
import { ChatsApi } from './api/chats.js';
import { ContactsApi } from './api/contacts.js';
import { AccountApi } from './api/account.js';
import { OwnAccountApi } from './api/own-account.js';
import { MessageMarksApi } from './api/message-marks.js';
import { MessagesApi } from './api/messages.js';
import { NewslettersApi } from './api/newsletters.js';
import { type LoggedNews, quietLogger } from './baileys-logger.js';
import type { ConnectionOptions } from './connection-options.js';
import { type CloseReason, closeReason } from './close-reason.js';
import { type SendableGroup, toMetadata } from './groups/sendable-group.js';
import { takeStaleGroups } from './groups/stale-groups.js';
import { toWaId } from './map/jid.js';
import { readAck, readReceipt, readSelfReceipt, type WaAck, type WaReceipt } from './map/receipt.js';
import type { WaNetwork } from './network.js';
import { pairingGate } from './pairing-gate.js';
import { keepPresenceQuiet } from './presence-guard.js';
import { LivenessProbe } from './liveness.js';
import { linkedAccount, type LinkedAccount, type SessionState } from './session-state.js';
import { FrameGate } from './signal/frame-gate.js';
import { guardedRepository } from './signal/guarded-repository.js';
import { journalNewsletters } from './signal/newsletter-journal.js';
import { journalNotices } from './signal/notice-journal.js';
import type { JournalEntry } from './signal/stanza-journal.js';
import { keepTokens } from './signal/privacy-tokens.js';
import { WholeResends } from './signal/whole-resends.js';
import { relayBlockList } from './updates/block-list.js';
import { relayUpdates } from './updates/relay-updates.js';
import type { WaUpdate } from './updates/wa-update.js';

const FIRST_QR_MS = 60_000;
const LATER_QR_MS = 20_000;
const BACKLOG_TIMEOUT_MS = 30_000;
const CLOSE_WITHIN_MS = 2_000;
const LOGOUT_WITHIN_MS = 5_000;

/** What a connection reports. Handlers may throw: the error is logged and harms nobody else. */
export interface ConnectionListener {
  onQr(qr: string, expiresAt: Date): void;
  /** Logged in; sending works from `onReady` on. */
  onOpen(account: LinkedAccount): void;
  /** What came in while we were away is drained. */
  onReady(): void;
  /** WhatsApp does not answer although the socket is open; the connection closes next. */
  onDegraded(): void;
  onAccount(account: LinkedAccount): void;
  onJournalled(entry: JournalEntry): void;
  onReceipt(receipt: WaReceipt): void;
  onAck(ack: WaAck): void;
  onUpdate(update: WaUpdate): void;
  onClosed(reason: CloseReason): void;
  /** The serialised protobuf of a message we sent, which a recipient could not decrypt and asks for again. */
  findSent(messageId: string): Promise<Buffer | null>;
  /** waIds of those who get a status of ours. */
  findAudience(messageId: string): Promise<string[]>;
  /** Who is in a group, and how it is written to. Throws an AppError. */
  findGroup(groupId: string): Promise<SendableGroup>;
}

/** One WhatsApp socket from connect to close. It never reconnects: whoever owns the session decides that. */
export class WaConnection {
  readonly messages: MessagesApi;
  readonly media: MediaApi;
  readonly lookups: LookupsApi;
  readonly chats: ChatsApi;
  readonly contacts: ContactsApi;
  readonly business: BusinessApi;
  readonly labels: LabelsApi;
  readonly links: LinksApi;
  readonly standing: AccountApi;
  readonly marks: MessageMarksApi;
  readonly own: OwnAccountApi;
  readonly history: HistoryApi;
  readonly newsletters: NewslettersApi;
  readonly groups: GroupsApi;
  private readonly logger = new Logger(WaConnection.name);
  private readonly socket: WASocket;
  private readonly creds: AuthenticationCreds;
  private readonly gate: FrameGate;
  private readonly resends: WholeResends;
  private readonly appState: AppState;
  private readonly liveness: LivenessProbe;
  private readonly pairing = pairingGate();
  private qrCount = 0;
  private isReady = false;
  private backlogTimer: NodeJS.Timeout | undefined;
  private readonly onNews = (update: WaUpdate) => this.guard(() => this.listener.onUpdate(update));
  private readonly onJournalled = (entry: JournalEntry) => this.guard(() => this.listener.onJournalled(entry));

  constructor(
    private readonly state: SessionState,
    private readonly listener: ConnectionListener,
    network: WaNetwork,
    options: ConnectionOptions,
  ) {
    this.creds = state.nextCredentials();
    this.resends = this.makeResends();
    const marks = new AppStateMarks(state.store, () => this.appState.gather());
    this.socket = makeWASocket({
      ...network.route(options.proxyUrl).socketConfig,
      ...state.caches,
      msgRetryCounterCache: this.resends.counters,
      auth: { creds: this.creds, keys: marks.keys },
      browser: [options.device.name, options.device.browser, '1.0.0'],
      logger: quietLogger(this.logger, this.loggedNews),
      markOnlineOnConnect: options.isAvailable,
      syncFullHistory: options.syncFullHistory,
      // The history is read from the journal, where a crash does not lose it, and so are the settings (api/app-state.ts).
      shouldSyncHistoryMessage: () => false,
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      getMessage: (key) => this.resends.find(key),
      cachedGroupMetadata: async (jid) => toMetadata(await listener.findGroup(toWaId(jid))),
      makeSignalRepository: guardedRepository(state.store, state.journal, {
        creds: this.creds,
        onKey: (keyId) => this.keepKeyId(keyId),
        onJournalled: this.onJournalled,
      }),
    });
    this.keepWhatComes();
    this.gate = new FrameGate(this.socket, state.store);
    this.messages = new MessagesApi(this.socket, this.gate, (messageId) => listener.findAudience(messageId));
    this.media = new MediaApi(this.socket, network, options.proxyUrl);
    this.lookups = new LookupsApi(this.socket);
    this.appState = new AppState(this.socket, this.creds, marks, this.onNews);
    this.chats = new ChatsApi(this.socket, this.gate, this.appState);
    this.contacts = new ContactsApi(this.socket, this.appState);
    this.business = new BusinessApi(this.socket, this.media);
    this.labels = new LabelsApi(this.appState);
    this.links = new LinksApi(this.socket);
    this.standing = new AccountApi(this.socket);
    this.marks = new MessageMarksApi(this.socket, this.appState);
    this.own = new OwnAccountApi(this.socket, this.appState, options);
    this.history = new HistoryApi(this.socket, this.gate);
    this.newsletters = new NewslettersApi(this.socket);
    this.groups = new GroupsApi(this.socket);
    this.liveness = new LivenessProbe(this.socket, () => this.guard(() => this.onDead()));
    this.listen();
  }

  /** The linked account, or null before pairing. */
  get account(): LinkedAccount | null {
    return linkedAccount(this.creds);
  }

  /** Eight characters to type on the phone; waits for the handshake. Throws when the connection closes first. */
  async requestPairingCode(phone: string): Promise<string> {
    if (this.account) throw conflict('session.already-linked', 'The session is linked to an account.');
    await this.pairing.promise;
    return this.socket.requestPairingCode(phone);
  }

  /** Unlinks the device and waits until WhatsApp has heard of it; the connection then closes with 401. */
  async logout(): Promise<void> {
    const jid = this.creds.me?.id;
    const remove = { tag: 'remove-companion-device', attrs: { jid: jid ?? '', reason: 'user_initiated' } };
    const request = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' }, content: [remove] };
    // WhatsApp may hang up instead of answering.
    await this.socket.query(request, LOGOUT_WITHIN_MS).catch(() => undefined);
    await this.gate.flushed;
    await this.socket.end(new Boom('logged out', { statusCode: DisconnectReason.loggedOut }));
  }

  /** Ends the socket and keeps the login; reported as a close without a code. */
  async close(): Promise<void> {
    // A peer that does not answer the closing handshake would keep us waiting for half a minute.
    const deadline = setTimeout(() => this.terminate(), CLOSE_WITHIN_MS);
    await Promise.race([this.gate.flushed.catch(() => undefined), delay(CLOSE_WITHIN_MS)]);
    await this.socket.end(undefined).finally(() => clearTimeout(deadline));
  }

  private makeResends(): WholeResends {
    return new WholeResends({
      counters: this.state.caches.msgRetryCounterCache,
      findSent: (messageId) => this.listener.findSent(messageId),
      resend: (resend) => this.messages.sendAgain(resend),
    });
  }

  private keepWhatComes(): void {
    const { store, journal } = this.state;
    this.resends.listen(this.socket);
    keepTokens(this.socket, store);
    for (const keep of [journalNewsletters, journalNotices]) keep(this.socket, store, journal, this.onJournalled);
  }

  private listen(): void {
    const { ev, ws } = this.socket;
    keepPresenceQuiet(ev, this.creds);
    // Before Baileys' own listener, so that the note is there when it decrypts.
    ws.prependListener('CB:message', (node: BinaryNode) => this.state.journal.note(node));
    ws.on('CB:ack,class:message', (node: BinaryNode) =>
      this.guard(() => this.listener.onAck(this.messages.ackOf(readAck(node)))),
    );
    ws.on('CB:receipt', (node: BinaryNode) =>
      this.guard(() => {
        const receipt = readReceipt(node);
        if (receipt) this.listener.onReceipt(receipt);
        const messageIds = readSelfReceipt(node);
        if (messageIds) this.listener.onUpdate({ kind: 'read-elsewhere', messageIds });
      }),
    );
    // Baileys listens to this event and does nothing; with a listener, ws leaves the refused handshake hanging for ever.
    ws.on('unexpected-response', (_request: unknown, { statusCode }: { statusCode?: number }) => {
      // Never the status itself: a proxy's 401 is not WhatsApp's.
      void this.socket.end(new Boom(`HTTP ${statusCode}`, { statusCode: DisconnectReason.unavailableService }));
    });
    takeStaleGroups(this.socket, this.onNews);
    relayBlockList(this.socket, this.onNews);
    relayUpdates(ev, this.onNews);
    ev.on('connection.update', (update) => this.guard(() => this.onUpdate(update)));
    let knownName = this.creds.me?.name;
    ev.on('creds.update', ({ myAppStateKeyId }) => {
      if (myAppStateKeyId) this.catchUp();
      this.saveCredentials();
      const name = this.creds.me?.name;
      if (name === knownName || !this.account) return;
      knownName = name;
      this.guard(() => this.onName());
    });
  }

  private get loggedNews(): LoggedNews {
    return {
      onSetting: (entry) => this.appState.take(entry),
      onUnreadable: (name) => this.appState.fail(name),
    };
  }

  private keepKeyId(keyId: string): void {
    this.creds.myAppStateKeyId = keyId;
    this.saveCredentials();
  }

  /** A failure is reported by the store. */
  private saveCredentials(): void {
    this.state.saveCredentials(this.creds).catch(() => undefined);
  }

  private onUpdate({ connection, qr, lastDisconnect, receivedPendingNotifications }: Partial<ConnectionState>): void {
    if (qr) {
      const lifetime = this.qrCount++ === 0 ? FIRST_QR_MS : LATER_QR_MS;
      this.pairing.ready();
      this.listener.onQr(qr, new Date(Date.now() + lifetime));
    }
    if (connection === 'open' && this.account) {
      this.listener.onOpen(this.account);
      this.liveness.start();
      this.backlogTimer = setTimeout(() => this.guard(() => this.ready()), BACKLOG_TIMEOUT_MS);
    }
    if (receivedPendingNotifications) this.ready();
    if (connection === 'close') {
      clearTimeout(this.backlogTimer);
      this.liveness.stop();
      this.pairing.fail(conflict('session.not-connected', 'The connection closed before there was a code.'));
      this.listener.onClosed(closeReason(lastDisconnect?.error));
    }
  }

  private ready(): void {
    if (this.isReady || !this.account) return;
    clearTimeout(this.backlogTimer);
    this.isReady = true;
    this.listener.onReady();
    this.catchUp();
  }

  private catchUp(): void {
    if (this.isReady)
      this.appState.catchUp().catch(() => this.logger.warn('the settings of the account could not be read'));
  }

  private onDead(): void {
    this.listener.onDegraded();
    this.terminate();
  }

  /** Drops the TCP connection without a closing handshake. */
  private terminate(): void {
    const { socket } = this.socket.ws as unknown as { socket: { terminate(): void } | null };
    socket?.terminate();
  }

  /** A new push name is announced together with what the account is shown as. */
  private onName(): void {
    const { account } = this;
    if (account) this.listener.onAccount(account);
    if (this.isReady) this.own.presence.tell().catch(() => this.logger.debug('presence was not sent'));
  }

  private guard(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      this.logger.error('a connection handler failed', error instanceof Error ? error.stack : undefined);
    }
  }
}
