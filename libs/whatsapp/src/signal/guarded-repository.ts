import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type AuthenticationCreds,
  DEFAULT_CONNECTION_CONFIG,
  type SignalAuthState,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import { JOURNAL, type SignalStore } from '../auth/signal-store.js';
import { readKeyShare } from './key-share.js';
import { OneSessionView, type StoredRecord } from './one-session-view.js';
import type { JournalEntry, StanzaJournal } from './stanza-journal.js';

type Keys = SignalKeyStoreWithTransaction;
type Repository = ReturnType<SocketConfig['makeSignalRepository']>;
/** A failed write is reported by the store itself. */
const ignore = () => undefined;
const SIGNAL_TYPES = new Set(['session', 'identity-key', 'pre-key', 'sender-key']);

/** Whom the repository works for. */
export interface RepositoryHost {
  creds: AuthenticationCreds;
  /** Settings are written with this key from now on. Called before the stanza that brought it is confirmed. */
  onKey: (keyId: string) => void;
  onJournalled: (entry: JournalEntry) => void;
}

const keysIn = (share: ReturnType<typeof readKeyShare>) => (share ? { 'app-state-sync-key': share.keys } : {});

/**
 * Baileys' Signal repository made crash-safe (docs/decisions/003-crash-safety.md): decrypting writes ratchet and journal
 * row together, and the keys of the settings that a stanza brings; encrypting writes the ratchet before it hands the
 * ciphertext out; all of it under one lock per session. FrameGate keeps receipts and ciphertexts back until those writes are committed.
 */
export const guardedRepository =
  (store: SignalStore, journal: StanzaJournal, host: RepositoryHost): SocketConfig['makeSignalRepository'] =>
  (auth, logger, pnToLid) => {
    const gate = new SignalGate(auth, store);
    const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds: auth.creds, keys: gate.keys },
      logger,
      pnToLid,
    );

    const decrypt = journalling({ auth, gate, store, journal, host });
    const guarded: Partial<Repository> = {
      decryptMessage: (opts) =>
        decrypt(opts.ciphertext, () =>
          opts.type === 'msg'
            ? gate.sessionBySession(opts.ciphertext, () => inner.decryptMessage(opts))
            : inner.decryptMessage(opts),
        ),
      decryptGroupMessage: (opts) => decrypt(opts.msg, () => inner.decryptGroupMessage(opts)),
      processSenderKeyDistributionMessage: (opts) => gate.locked(() => inner.processSenderKeyDistributionMessage(opts)),
      encryptMessage: (opts) => gate.locked(() => gate.written(() => inner.encryptMessage(opts))),
      encryptGroupMessage: (opts) => gate.locked(() => gate.written(() => inner.encryptGroupMessage(opts))),
      getSenderKeyDistributionMessage: (opts) =>
        gate.locked(() => gate.written(() => inner.getSenderKeyDistributionMessage(opts))),
      injectE2ESession: (opts) => gate.locked(() => inner.injectE2ESession(opts)),
      migrateSession: (from, to) => gate.locked(() => inner.migrateSession(from, to)),
      deleteSession: (jids) => gate.locked(() => inner.deleteSession(jids)),
    };
    return { ...inner, ...guarded };
  };

interface Journalling {
  auth: SignalAuthState;
  gate: SignalGate;
  store: SignalStore;
  journal: StanzaJournal;
  host: RepositoryHost;
}

/** Has a decryption write what it brought, together with its ratchet step; a repeated one answers what is written. */
const journalling =
  ({ auth, gate, store, journal, host }: Journalling) =>
  async (ciphertext: Uint8Array, work: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    let entry: JournalEntry | undefined;
    let keyId: string | undefined;
    try {
      const plaintext = await gate.locked(async () => {
        const result = await work();
        const made = journal.entry(ciphertext, result);
        const share = made && readKeyShare(made.entry, host.creds);
        if (made) await auth.keys.set({ [JOURNAL]: { [made.row.key]: made.row }, ...keysIn(share) } as never);
        entry = made?.entry;
        keyId = share?.newestId;
        return result;
      });
      if (keyId !== undefined) host.onKey(keyId);
      if (entry) void store.committed.then(() => entry && host.onJournalled(entry), ignore);
      return plaintext;
    } catch (error) {
      await store.committed.catch(ignore);
      const known = await journal.plaintextOf(ciphertext);
      if (known) return known;
      throw error;
    }
  };

/** The lock, and the view of the keys that libsignal gets while somebody holds it. */
class SignalGate {
  readonly keys: Keys;
  private readonly baileys: Keys;
  private holders = 0;
  private context: ReturnType<typeof AsyncLocalStorage.snapshot> | null = null;
  private view: OneSessionView | null = null;
  /** Signal rows that running encryptions have set and nobody has written yet. */
  private notes = new Map<string, { type: string; id: string; value: unknown }>();
  private encryptions = 0;

  constructor(
    private readonly auth: SignalAuthState,
    private readonly store: SignalStore,
  ) {
    const keys = (this.baileys = auth.keys as Keys);
    this.keys = {
      ...keys,
      get: async (type, ids) => {
        const found = await this.inContext(type, async () => keys.get(type, ids));
        if (type !== 'session' || !this.view) return found;
        const shown = Object.entries(found).map(([id, record]) => [id, this.view?.show(record as never)]);
        return Object.fromEntries(shown) as typeof found;
      },
      set: async (data) => {
        const [type = ''] = Object.keys(data);
        const merged = this.merged(data);
        if (this.encryptions) this.note(merged);
        await this.inContext(type, async () => keys.set(merged));
      },
    };
  }

  /** Runs `work` in the session's one transaction; inside it already, joins it. */
  locked<R>(work: () => Promise<R>): Promise<R> {
    return this.baileys.transaction(async () => {
      this.holders++;
      this.context = AsyncLocalStorage.snapshot();
      try {
        return await work();
      } finally {
        if (--this.holders === 0) this.context = null;
      }
    }, this.lockName());
  }

  /** Runs an encryption and writes its ratchet step, which Baileys itself would do only after the message left. */
  async written<R>(work: () => Promise<R>): Promise<R> {
    this.encryptions++;
    try {
      const result = await work();
      if (this.notes.size) await this.store.set(this.takeNotes());
      return result;
    } finally {
      // Rows of a failed encryption must not leak into the next one.
      if (--this.encryptions === 0) this.notes.clear();
    }
  }

  /** Decrypts with one session of the peer's record after the other. */
  async sessionBySession<R>(ciphertext: Uint8Array, work: () => Promise<R>): Promise<R> {
    const view = (this.view = OneSessionView.of(ciphertext));
    try {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!view.next()) throw error;
        }
      }
    } finally {
      this.view = null;
    }
  }

  private lockName(): string {
    return (this.auth.creds as { me?: { id: string } }).me?.id ?? 'unlinked';
  }

  /*
   * libsignal queues its work per peer for the whole process, and a queued job runs in the async context of whoever
   * started the queue: with another session's context it would read and write outside its own transaction.
   */
  private inContext<R>(type: string, work: () => Promise<R>): Promise<R> {
    const isAstray = SIGNAL_TYPES.has(type) && this.context && !this.baileys.isInTransaction();
    return isAstray && this.context ? this.context(work) : work();
  }

  private merged(data: Parameters<Keys['set']>[0]): Parameters<Keys['set']>[0] {
    if (!this.view || !data.session) return data;
    const sessions = Object.entries(data.session).map(([id, record]) => [
      id,
      record && this.view?.merge(record as unknown as StoredRecord),
    ]);
    return { ...data, session: Object.fromEntries(sessions) as typeof data.session };
  }

  private note(data: object): void {
    for (const [type, rows] of Object.entries(data))
      for (const [id, value] of Object.entries(rows as object)) this.notes.set(`${type} ${id}`, { type, id, value });
  }

  private takeNotes(): Parameters<SignalStore['set']>[0] {
    const data: Record<string, Record<string, unknown>> = {};
    for (const { type, id, value } of this.notes.values()) (data[type] ??= {})[id] = value;
    this.notes.clear();
    return data;
  }
}
