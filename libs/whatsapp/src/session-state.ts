import { Inject, Injectable } from '@nestjs/common';
import { type AuthenticationCreds, initAuthCreds } from '@whiskeysockets/baileys';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { DataSource } from 'typeorm';
import { isLinked, loadCredentials, sealCredentials } from './auth/credentials.js';
import { SignalStore } from './auth/signal-store.js';
import { type Fence, StateWriter } from './auth/state-writer.js';
import { BoundedCache } from './bounded-cache.js';
import { identityOf } from './map/jid.js';
import { RetryCounters } from './retry-counters.js';
import { StanzaJournal } from './signal/stanza-journal.js';

const HOUR_MS = 3_600_000;

/** The account that a session is linked to; null fields are not known yet. */
export interface LinkedAccount {
  waId: string;
  phone: string;
  lid: string | null;
  name: string | null;
}

/** The account in a login, or null before pairing. */
export function linkedAccount(creds: AuthenticationCreds): LinkedAccount | null {
  const { phone, lid } = identityOf(creds.me?.id, creds.me?.lid);
  if (!phone || !isLinked(creds)) return null;
  return { waId: phone, phone, lid, name: creds.me?.name ?? null };
}

/** What one owner of a session keeps while sockets come and go: credentials, keys, journal, caches. */
export interface SessionState {
  readonly fence: Fence;
  readonly store: SignalStore;
  readonly journal: StanzaJournal;
  readonly caches: Record<'userDevicesCache' | 'placeholderResendCache', BoundedCache> & {
    msgRetryCounterCache: RetryCounters;
  };
  /** The credentials for the next socket: the stored login, or fresh ones when no account is linked. */
  nextCredentials(): AuthenticationCreds;
  saveCredentials(creds: AuthenticationCreds): Promise<void>;
  readonly account: LinkedAccount | null;
  /** Refuses every further write: handlers of a socket that has ended may come late, and bring back a login that is wiped. */
  retire(): void;
}

/** Loads the state of a session for the holder of its lease. */
@Injectable()
export class SessionStates {
  constructor(
    private readonly writer: StateWriter,
    @Inject(DataSource) private readonly database: DataSource,
    private readonly ring: KeyRing,
  ) {}

  /** `onFailure` is called once a write failed; the state is unusable from then on. */
  async load(owner: Fence, onFailure: (error: unknown) => void): Promise<SessionState> {
    // Its own object: StateWriter refuses everything of a state one of whose writes failed.
    const fence = { ...owner };
    const { database, ring, writer } = this;
    const store = new SignalStore(fence, writer, database, ring, onFailure);
    let creds = await loadCredentials(database, ring, fence.sessionId);
    return {
      fence,
      store,
      get account() {
        return linkedAccount(creds);
      },
      journal: new StanzaJournal(fence.sessionId, database, ring),
      caches: {
        msgRetryCounterCache: new RetryCounters(store),
        // Each expiry costs a device query and a fresh Signal session with everybody in it (WhatsApp tells of changes).
        userDevicesCache: new BoundedCache(5_000, 12 * HOUR_MS),
        placeholderResendCache: new BoundedCache(1_000, HOUR_MS),
      },
      nextCredentials: () => (creds = isLinked(creds) ? creds : initAuthCreds()),
      retire: () => writer.refuse(fence),
      saveCredentials: async (current) => {
        if (isLinked(current)) await store.saveCredentials(sealCredentials(ring, fence.sessionId, current));
      },
    };
  }
}
