import type { Direction } from '../traffic/sighting.js';
import type { Stanza } from '../wire/stanza.js';

/** Which stanzas a fault hits; absent fields match everything. */
export interface FaultMatch {
  account?: string;
  /** One of the account's linked clients. */
  device?: number;
  direction?: Direction;
  tag?: string;
  type?: string;
  childTag?: string;
  /** Only the nth stanza that matches the rest, counted from 1. */
  nth?: number;
}

/** How the service ends a stream: with a code, or with one of the children clients tell apart. */
export type StreamErrorKind = number | 'ack' | 'replaced' | 'device_removed';

/** Ways to lose a connection; the control API's kicks and faults share them. */
export type Ending =
  | { kind: 'closeSocket'; code?: number }
  | { kind: 'resetTcp' }
  /** Silence: nothing is read or written any more, TCP stays. */
  | { kind: 'halfOpen' }
  | { kind: 'streamEnd' }
  | { kind: 'streamError'; error: StreamErrorKind }
  /** What an account without multi-device is told. */
  | { kind: 'downgrade' };

/** What happens to a stanza that is hit, or to the connection it travels on. */
export type FaultAction =
  | Ending
  | { kind: 'drop' }
  | { kind: 'delay'; ms: number; jitterMs?: number }
  | { kind: 'duplicate'; copies?: number }
  /** Holds this many stanzas and lets them go in reverse order. */
  | { kind: 'reorder'; window: number }
  /** Flips a bit in each ciphertext of a message. */
  | { kind: 'corrupt' }
  /** Takes the ciphertexts out of a message. */
  | { kind: 'replaceEncWithNothing' }
  /** An incoming iq is answered with this error instead of being handled. */
  | { kind: 'error'; code: number }
  /** An incoming message is refused with this code in its ack. */
  | { kind: 'nack'; code: number }
  /** The stanza is handled but the answer or ack is swallowed. */
  | { kind: 'noReply' }
  /** A login is refused. */
  | { kind: 'failure'; reason: number; expireSeconds?: number }
  /** The stanza goes out after a frame nobody can decrypt. */
  | { kind: 'garbageFrame' }
  /** From here on the client is sent no more than this. */
  | { kind: 'throttle'; bytesPerSec: number }
  /** A query for pre-keys is answered with one-time keys that were handed out before. */
  | { kind: 'stalePrekeys' }
  /** Every connection of the network is lost at once. */
  | { kind: 'restartWorld' }
  | DoorAction;

/** What goes wrong before anybody can know whose connection it is. */
export type DoorAction =
  /** The server proves itself with a certificate of another root. */
  | { kind: 'badHandshake' }
  /** The WebSocket is refused with this HTTP status. */
  | { kind: 'rejectUpgrade'; status: number };

/** A fault as it is ordered; without `times` it stays until it is removed. */
export interface FaultOrder {
  match: FaultMatch;
  action: FaultAction;
  times?: number;
  probability?: number;
}

/** A stanza passing through the network, as faults see it. */
export interface Passing {
  direction: Direction;
  account: string | null;
  device: number | null;
  stanza: Stanza;
}
