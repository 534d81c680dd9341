import { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord } from 'libsignal';
import type { SignalStorage } from 'libsignal';
import { randomInt } from 'node:crypto';
import { generateKeyPair, sign } from '../wire/key-pair.js';
import type { KeyPair } from '../wire/key-pair.js';
import type { DeviceKeys, PublicPreKey, SignedPreKey } from '../world/account.js';

const SIGNED_PRE_KEY_ID = 1;
const KEY_TYPE = Buffer.from([5]);

const typed = (publicKey: Uint8Array): Buffer => Buffer.concat([KEY_TYPE, publicKey]);
const asSignalPair = ({ publicKey, privateKey }: KeyPair) => ({ privKey: privateKey, pubKey: typed(publicKey) });

/** The long-lived keys of a phone. Contacts that never read may share them, which saves the slow signature. */
export class KeyMaterial {
  readonly medium = generateKeyPair();
  private signed: SignedPreKey | undefined;

  constructor(readonly identity: KeyPair) {}

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

/** The Signal side of a phone played here: its keys and its sessions. Addresses look like `<lid>_1.<device>`. */
export class SignalEngine implements DeviceKeys {
  readonly registrationId = randomInt(1, 16380);
  private readonly sessions = new Map<string, SessionRecord>();
  private readonly preKeys = new Map<number, KeyPair>();
  private lastPreKeyId = 0;
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
    return { id: this.lastPreKeyId, value: pair.publicKey };
  }

  hasSession(address: string): boolean {
    return this.sessions.get(address)?.haveOpenSession() ?? false;
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
    await new SessionBuilder(this.storage, addressOf(address)).initOutgoing(bundle);
  }

  async encrypt(address: string, plaintext: Buffer): Promise<Encrypted> {
    const { type, body } = await new SessionCipher(this.storage, addressOf(address)).encrypt(plaintext);
    return { type: type === 3 ? 'pkmsg' : 'msg', body: Buffer.from(body, 'binary') };
  }

  async decrypt(address: string, type: string, body: Buffer): Promise<Buffer> {
    const cipher = new SessionCipher(this.storage, addressOf(address));
    // Sessions are kept as live objects and a failed attempt leaves traces in them, so a copy is at hand.
    const before = this.sessions.get(address)?.serialize();
    try {
      return await (type === 'pkmsg' ? cipher.decryptPreKeyWhisperMessage(body) : cipher.decryptWhisperMessage(body));
    } catch (error) {
      if (before) this.sessions.set(address, SessionRecord.deserialize(before));
      throw error;
    }
  }

  private createStorage(): SignalStorage {
    const own = asSignalPair(this.material.identity);
    const medium = asSignalPair(this.material.medium);
    return {
      loadSession: async (id) => this.sessions.get(id),
      storeSession: async (id, session) => void this.sessions.set(id, session),
      isTrustedIdentity: () => true,
      loadPreKey: async (id) => {
        const pair = this.preKeys.get(Number(id));
        return pair && asSignalPair(pair);
      },
      removePreKey: (id) => void this.preKeys.delete(id),
      loadSignedPreKey: () => medium,
      getOurRegistrationId: () => this.registrationId,
      getOurIdentity: () => own,
    };
  }
}

function addressOf(address: string): ProtocolAddress {
  const [user = '', device = '0'] = address.split('.');
  return new ProtocolAddress(user, Number(device));
}
