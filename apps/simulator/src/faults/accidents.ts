import type { Client } from '../network/client.js';
import { end } from '../network/ending.js';
import { stanza as node } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { PublicPreKey } from '../world/account.js';
import type { Clock } from '../world/clock.js';
import { corrupted, emptied, withUsedKeys } from './damage.js';
import type { Ending, FaultAction } from './fault.js';

/** How long stanzas that are to be reordered wait for company. */
const REORDER_WAIT_MS = 1_000;

/** Ids whose answers are swallowed, per client. */
const MAX_MUTED = 1_000;

/** A stanza that was hit, and what can still be done with it. */
export interface Passage {
  client: Client;
  stanza: Stanza;
  /** Lets a stanza go on to where this one was going. */
  proceed: (stanza: Stanza) => void;
  /** Sends something to the client, past all faults. */
  tell: (stanza: Stanza) => void;
}

/** Where accidents happen. */
export interface Scene {
  clock: Clock;
  random: () => number;
  /** A one-time key of this device that was handed out before. */
  usedKeyOf: (jid: string) => PublicPreKey | undefined;
  /** Loses every connection. */
  restart: () => void;
}

type Accident<A> = (action: A, passage: Passage, scene: Scene) => void;
type Accidents = { [K in FaultAction['kind']]: Accident<Extract<FaultAction, { kind: K }>> };

/** Lets a fault's action happen to a stanza. */
export function happen(action: FaultAction, passage: Passage, scene: Scene): void {
  (accidents[action.kind] as Accident<FaultAction>)(action, passage, scene);
}

const asEnding: Accident<Ending> = (ending, { client, tell }) => end(client.connection, ending, tell);
const asIfNothing: Accident<FaultAction> = (_action, { stanza, proceed }) => proceed(stanza);

/** Stanzas waiting to be let go in another order, per fault. */
const held = new WeakMap<FaultAction, Passage[]>();

const accidents: Accidents = {
  drop: () => undefined,
  delay: ({ ms, jitterMs = 0 }, { stanza, proceed }, { clock, random }) =>
    void clock.after(ms + Math.floor(random() * (jitterMs + 1)), () => proceed(stanza)),
  duplicate: ({ copies = 1 }, { stanza, proceed }) => {
    for (let n = 0; n <= copies; n++) proceed(stanza);
  },
  reorder: hold,
  corrupt: (_action, { stanza, proceed }) => proceed(corrupted(stanza)),
  replaceEncWithNothing: (_action, { stanza, proceed }) => proceed(emptied(stanza)),
  error: ({ code }, { stanza: { attrs }, tell }) => {
    const error = node('error', { code, text: 'fault' });
    tell(node('iq', { from: attrs.to, id: attrs.id, type: 'error' }, [error]));
  },
  nack: ({ code }, { stanza: { tag, attrs }, tell }) =>
    tell(node('ack', { from: attrs.to, id: attrs.id, class: tag, error: code })),
  noReply: (_action, { client, stanza, proceed }) => {
    const muted = (client.muted ??= new Set());
    if (muted.size >= MAX_MUTED) muted.clear();
    muted.add(stanza.attrs.id ?? '');
    proceed(stanza);
  },
  failure: ({ reason, expireSeconds }, { client, tell }) => {
    tell(node('failure', { reason, location: 'sim', expire: expireSeconds }));
    client.connection.close();
  },
  garbageFrame: (_action, { client, stanza, proceed }) => {
    client.connection.sendGarbage();
    proceed(stanza);
  },
  throttle: ({ bytesPerSec }, { client, stanza, proceed }, { clock }) => {
    client.connection.throttle(bytesPerSec, clock);
    proceed(stanza);
  },
  stalePrekeys: (_action, { stanza, proceed }, { usedKeyOf }) => proceed(withUsedKeys(stanza, usedKeyOf)),
  restartWorld: (_action, _passage, { restart }) => restart(),
  closeSocket: asEnding,
  resetTcp: asEnding,
  halfOpen: asEnding,
  streamEnd: asEnding,
  streamError: asEnding,
  downgrade: asEnding,
  badHandshake: asIfNothing,
  rejectUpgrade: asIfNothing,
};

function hold(action: Extract<FaultAction, { kind: 'reorder' }>, passage: Passage, { clock }: Scene): void {
  const waiting = held.get(action) ?? [];
  waiting.push(passage);
  held.set(action, waiting);
  const letGo = (): void => {
    if (held.get(action) !== waiting) return;
    held.delete(action);
    for (const { stanza, proceed } of waiting.reverse()) proceed(stanza);
  };
  if (waiting.length >= action.window) letGo();
  else if (waiting.length === 1) clock.after(REORDER_WAIT_MS, letGo);
}
