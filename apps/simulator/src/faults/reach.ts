import type { Direction } from '../traffic/sighting.js';
import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import { Problem } from '../world/problem.js';
import type { FaultAction, FaultMatch, FaultOrder, Passing } from './fault.js';

/** What an action can happen to at all. */
interface Reach {
  direction?: Direction;
  tag?: string;
  exceptTag?: string;
  holds?: (stanza: Stanza) => boolean;
}

const ciphertext: Reach = { tag: 'message', holds: hasCiphertext };

/** Actions that cannot happen to any stanza in any direction. */
const reaches: Partial<Record<FaultAction['kind'], Reach>> = {
  error: { direction: 'in', tag: 'iq' },
  nack: { direction: 'in', exceptTag: 'iq' },
  noReply: { direction: 'in' },
  corrupt: ciphertext,
  replaceEncWithNothing: ciphertext,
  failure: { direction: 'out', tag: 'success' },
  garbageFrame: { direction: 'out' },
  stalePrekeys: { direction: 'out', tag: 'iq', holds: handsOutKeys },
};

/** Whether an action is one of those that happen before anybody knows whose connection it is. */
export function isAtTheDoor({ kind }: FaultAction): boolean {
  return kind === 'badHandshake' || kind === 'rejectUpgrade';
}

/** Whether an action can happen to this stanza. */
export function canStrike(action: FaultAction, { direction, stanza }: Passing): boolean {
  if (isAtTheDoor(action)) return false;
  const reach = reaches[action.kind] ?? {};
  return contradiction(reach, { direction, tag: stanza.tag }) === undefined && (reach.holds?.(stanza) ?? true);
}

/** Refuses a fault that could never strike, and says why. */
export function demandStrikable({ match, action }: FaultOrder): void {
  if (isAtTheDoor(action) && Object.keys(match).length > 0)
    throw new Problem(400, 'fault.match', 'Nobody knows yet whose connection it is: this action takes an empty match.');
  const reason = contradiction(reaches[action.kind] ?? {}, match);
  if (reason) throw new Problem(400, 'fault.match', `This can never strike: "${action.kind}" happens to ${reason}.`);
}

function contradiction(reach: Reach, { direction, tag }: Pick<FaultMatch, 'direction' | 'tag'>): string | undefined {
  if (reach.direction && direction && direction !== reach.direction)
    return `what ${reach.direction === 'in' ? 'clients send (in)' : 'clients are sent (out)'} only`;
  if (reach.tag && tag && tag !== reach.tag) return `stanzas with the tag "${reach.tag}" only`;
  if (reach.exceptTag && tag === reach.exceptTag) return `stanzas with another tag than "${reach.exceptTag}" only`;
  return undefined;
}

function hasCiphertext(node: Stanza): boolean {
  const targets = children(child(node, 'participants'));
  return [node, ...targets].some((holder) => child(holder, 'enc') !== undefined);
}

function handsOutKeys(node: Stanza): boolean {
  return children(child(node, 'list'), 'user').some((user) => child(user, 'key') !== undefined);
}
