import type { Family } from '../wire/jid.js';
import { userJid } from '../wire/jid.js';
import { generateKeyPair } from '../wire/key-pair.js';
import type { KeyPair } from '../wire/key-pair.js';
import type { Stanza } from '../wire/stanza.js';
import { Privacy } from './privacy.js';
import { Problem } from './problem.js';
import { SettingsLog } from './settings-log.js';

const LAST_ID = 250;
const HOSTED_ID = 99;
/** One for every id but the reserved one. */
const MAX_COMPANIONS = LAST_ID - 1;

/** A public pre-key with its number. */
export interface PublicPreKey {
  id: number;
  value: Buffer;
}

/** The medium-term key of a device, signed by its identity. */
export interface SignedPreKey extends PublicPreKey {
  signature: Buffer;
}

/** What the directory hands out about a device so that others can start a Signal session with it. */
export interface DeviceKeys {
  readonly registrationId: number;
  readonly identity: Buffer;
  signedPreKey(): SignedPreKey;
  /** A one-time key, never handed out twice; undefined when the stock is empty. */
  takePreKey(): PublicPreKey | undefined;
  /** The one-time key that was handed out first, for faults. */
  usedPreKey(): PublicPreKey | undefined;
}

/** Anything that receives stanzas under an account: a linked companion or a phone played by the simulator. */
export interface Device {
  readonly account: Account;
  readonly id: number;
  /** Position in the account's signed device list; clients ignore companions without one. */
  readonly keyIndex: number;
  readonly keys: DeviceKeys;
  push(stanza: Stanza): void;
}

/** A failure answered at the next logins instead of `<success>`. */
export interface LoginRefusal {
  reason: number;
  times: number;
  /** How long a temporary ban lasts. */
  expireSeconds?: number;
}

/** A person on the network. Device 0 is always a phone played by the simulator. */
export class Account {
  about = 'Hey there! I am using WhatsApp.';
  /** When the text was set, in seconds since 1970. */
  aboutSince = 0;
  /** A name others can find the person by; the directory sets it. */
  username: string | undefined;
  /** The name a business is verified under. */
  verifiedName: string | undefined;
  /** Known and writing only by the opaque id. */
  hidesNumber = false;
  /** Has blocked everybody. */
  refusesEverybody = false;
  /** Takes first messages only from people it has given a token to; others are refused with 463. */
  demandsToken = false;
  /** The tokens given to people this person wrote to, by their opaque id: they count as contacts. */
  readonly tokens = new Map<string, Buffer>();
  readonly devices = new Map<number, Device>();
  readonly blocked = new Set<string>();
  readonly privacy = new Privacy();
  readonly settings = new SettingsLog();
  /** Who gets the statuses, as a client chose it: a kind of list and the opaque ids in it. */
  statusAudience = { type: 'contacts', lids: [] as string[] };
  /** Devices that asked to see this account's presence, and the address family they know it by. */
  readonly watchers = new Map<Device, Family>();
  /** Devices that looked up this account's device list and must hear when it changes. */
  readonly followers = new Map<Device, Family>();
  isAvailable = false;
  /** When the person was last online, in seconds since 1970. */
  lastSeen: number | undefined;
  refusal: LoginRefusal | undefined;
  disappearingSeconds = 0;
  disappearingSince = 0;
  private lastDevice = 0;
  private lastKeyIndex = 0;

  constructor(
    readonly pn: string,
    readonly lid: string,
    public name: string,
    private primaryIdentity?: KeyPair,
  ) {}

  /** The identity of the phone: it signs the phone's pre-keys and vouches for linked devices. */
  get identityKey(): KeyPair {
    return (this.primaryIdentity ??= generateKeyPair());
  }

  /** Takes a new identity, as a phone does when the app is installed again. */
  renewIdentity(): KeyPair {
    this.primaryIdentity = generateKeyPair();
    return this.primaryIdentity;
  }

  /** Whether this person has blocked another one. */
  refuses(other: Account): boolean {
    return other !== this && (this.refusesEverybody || this.blocked.has(other.lid));
  }

  /** Whether somebody may see what a privacy category of this person is about. */
  shows(category: string, viewer: Account): boolean {
    if (viewer === this) return true;
    return (
      !this.refuses(viewer) &&
      this.privacy.allows(category, { lid: viewer.lid, isContact: this.tokens.has(viewer.lid) })
    );
  }

  /** The number as others may learn it; undefined when it is hidden. */
  get shownNumber(): string | undefined {
    return this.hidesNumber ? undefined : this.jid('pn');
  }

  /** The address others see of one of the account's devices: whoever hides the number is known by the opaque id alone. */
  shownJid(family: Family, device = 0): string {
    return this.jid(this.hidesNumber ? 'lid' : family, device);
  }

  /** The address of one of the account's devices. */
  jid(family: Family, device = 0): string {
    return userJid(family, family === 'pn' ? this.pn : this.lid, device);
  }

  /** How many more companions there can be. */
  get room(): number {
    return MAX_COMPANIONS - [...this.devices.keys()].filter((id) => id > 0).length;
  }

  /** The next companion id: counting up like the real service, 99 is reserved for hosted devices. */
  nextDeviceId(): number {
    if (this.room < 1)
      throw new Problem(
        409,
        'account.devices-full',
        `${this.pn} has ${MAX_COMPANIONS} linked devices; there is no id left.`,
      );
    do this.lastDevice = (this.lastDevice % LAST_ID) + 1;
    while (this.lastDevice === HOSTED_ID || this.devices.has(this.lastDevice));
    return this.lastDevice;
  }

  nextKeyIndex(): number {
    return ++this.lastKeyIndex;
  }
}
