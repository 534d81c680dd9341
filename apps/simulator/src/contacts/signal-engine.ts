import { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord } from 'libsignal';
import type { SignalStorage } from 'libsignal';
import { randomInt } from 'node:crypto';
import { generateKeyPair, sign } from '../wire/key-pair.js';
import type { KeyPair } from '../wire/key-pair.js';
import { BoundedMap } from '../world/bounded-map.js';
import type { DeviceKeys, PublicPreKey, SignedPreKey } from '../world/account.js';

const SIGNED_PRE_KEY_ID = 1;
const MAX_PRE_KEYS = 5_000;
const KEY_TYPE = Buffer.from([5]);

const typed = (publicKey: Uint8Array): Buffer => Buffer.concat([KEY_TYPE, publicKey]);
const asSignalPair = ({ publicKey, privateKey }: KeyPair) => ({ privKey: privateKey, pubKey: typed(publicKey) });

/** The long-lived keys of a phone. Contacts that never read may share them, which saves the slow signature. */
export class KeyMaterial {
  private mediumPair: KeyPair | undefined;
  private signed: SignedPreKey | undefined;

  constructor(readonly identity: KeyPair) {}

  get medium(): KeyPair {
    return (this.mediumPair ??= generateKeyPair());
  }

  /** Signing is slow, so it waits until somebody wants to write to this phone. */
  signedPreKey(): SignedPreKey {
    const value = this.medium.publicKey;
    const signature = (): Buffer => sign(this.identity.privateKey, typed(value));
    return (this.signed ??= { id: SIGNED_PRE_KEY_ID, value, signature: signature() });
  }
}

/** A ciphertext and the kind of envelope it needs: `pkmsg` until the peer has answered. */
export interface Encrypted {
  type: 'pkmsg' | 'msg';
  body: Buffer;
}

/** What libsignal makes of a record when it stores it, as far as we look into it. */
interface StoredRecord {
  _sessions: Record<string, { indexInfo: { used: number } }>;
  version?: string;
}

/** A method of session records that the type declarations leave out. */
interface OpenableRecord extends SessionRecord {
  getOpenSession(): { indexInfo: { remoteIdentityKey: Buffer } } | undefined;
}

/** The Signal side of a phone played here: its keys and its sessions. Addresses look like `<lid>_1.<device>`. */
export class SignalEngine implements DeviceKeys {
  readonly registrationId = randomInt(1, 16380);
  private readonly sessions = new Map<string, SessionRecord>();
  /** One-time keys that were handed out; of those that nobody uses the oldest are forgotten. */
  private readonly preKeys = new BoundedMap<number, KeyPair>(MAX_PRE_KEYS);
  private readonly turns = new Map<string, Promise<unknown>>();
  private lastPreKeyId = 0;
  private used: PublicPreKey | undefined;
  private readonly storage: SignalStorage;

  constructor(private readonly material: KeyMaterial) {
    this.storage = this.createStorage();
  }

  get identity(): Buffer {
    return this.material.identity.publicKey;
  }

  signedPreKey(): SignedPreKey {
    return this.material.signedPreKey();
  }

  takePreKey(): PublicPreKey {
    const pair = generateKeyPair();
    this.preKeys.set(++this.lastPreKeyId, pair);
    const key = { id: this.lastPreKeyId, value: pair.publicKey };
    this.used ??= key;
    return key;
  }

  usedPreKey(): PublicPreKey | undefined {
    return this.used;
  }

  /** Whether there is a session with a device, started with the identity it has now. */
  hasSession(address: string, identity: Uint8Array): boolean {
    const record = this.sessions.get(address) as OpenableRecord | undefined;
    return record?.getOpenSession()?.indexInfo.remoteIdentityKey.equals(typed(identity)) ?? false;
  }

  /** Starts a new session with a device from its published keys; an existing one is set aside. */
  async start(address: string, peer: DeviceKeys): Promise<void> {
    const signed = peer.signedPreKey();
    const oneTime = peer.takePreKey();
    const device = {
      registrationId: peer.registrationId,
      identityKey: typed(peer.identity),
      signedPreKey: { keyId: signed.id, publicKey: typed(signed.value), signature: signed.signature },
      preKey: oneTime && { keyId: oneTime.id, publicKey: typed(oneTime.value) },
    };
    // The declared type demands a one-time key, the code does without when the peer's stock is empty.
    const bundle = device as Parameters<SessionBuilder['initOutgoing']>[0];
    await this.inTurn(address, () => new SessionBuilder(this.storage, addressOf(address)).initOutgoing(bundle));
  }

  encrypt(address: string, plaintext: Buffer): Promise<Encrypted> {
    return this.inTurn(address, async () => {
      const { type, body } = await new SessionCipher(this.storage, addressOf(address)).encrypt(plaintext);
      return { type: type === 3 ? 'pkmsg' : 'msg', body: Buffer.from(body, 'binary') };
    });
  }

  decrypt(address: string, type: string, body: Buffer): Promise<Buffer> {
    return this.inTurn(address, async () => {
      const before = this.stored(address);
      const cipher = new SessionCipher(this.storage, addressOf(address));
      if (type !== 'pkmsg') return this.decryptOneByOne(address, cipher, body, before);
      try {
        return await cipher.decryptPreKeyWhisperMessage(body);
      } catch (error) {
        if (before) this.restore(address, before);
        throw error;
      }
    });
  }

  /**
   * Shows libsignal one session at a time, always a copy: it steps the ratchet of a session before it finds out that the
   * message belongs to another one, and a phone that kept such a session could not write any more.
   */
  private async decryptOneByOne(
    address: string,
    cipher: SessionCipher,
    body: Buffer,
    before: StoredRecord | undefined,
  ): Promise<Buffer> {
    const sessions = Object.entries(before?._sessions ?? {});
    sessions.sort(([, a], [, b]) => (b.indexInfo.used || 0) - (a.indexInfo.used || 0));
    let failure: unknown = new Error('No session record');
    for (const [id, session] of sessions) {
      this.restore(address, { ...before, _sessions: { [id]: session } });
      try {
        const plaintext = await cipher.decryptWhisperMessage(body);
        this.restore(address, { ...before, _sessions: { ...before?._sessions, ...this.stored(address)?._sessions } });
        return plaintext;
      } catch (error) {
        failure = error;
      }
    }
    if (before) this.restore(address, before);
    throw failure;
  }

  // libsignal declares bytes and means plain objects.
  private stored(address: string): StoredRecord | undefined {
    return this.sessions.get(address)?.serialize() as unknown as StoredRecord | undefined;
  }

  private restore(address: string, record: StoredRecord): void {
    this.sessions.set(address, SessionRecord.deserialize(record as unknown as Uint8Array));
  }

  /** Work with one peer, one after the other. */
  private inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(address) ?? Promise.resolve()).then(work);
    this.turns.set(
      address,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private createStorage(): SignalStorage {
    const own = asSignalPair(this.material.identity);
    return {
      loadSession: async (id) => this.sessions.get(id),
      storeSession: async (id, session) => void this.sessions.set(id, session),
      isTrustedIdentity: () => true,
      loadPreKey: async (id) => {
        const pair = this.preKeys.get(Number(id));
        return pair && asSignalPair(pair);
      },
      removePreKey: (id) => void this.preKeys.delete(id),
      loadSignedPreKey: () => asSignalPair(this.material.medium),
      getOurRegistrationId: () => this.registrationId,
      getOurIdentity: () => own,
    };
  }
}

function addressOf(address: string): ProtocolAddress {
  const [user = '', device = '0'] = address.split('.');
  return new ProtocolAddress(user, Number(device));
}
