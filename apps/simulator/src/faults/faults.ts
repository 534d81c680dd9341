import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import { Problem } from '../world/problem.js';
import type { DoorAction, FaultAction, FaultMatch, FaultOrder, Passing } from './fault.js';

const MAX_FAULTS = 1_000;

interface FaultRule extends FaultOrder {
  id: string;
  /** How many stanzas matched, whether they were hit or not. */
  seen: number;
  hits: number;
}

/** The list of misfortunes in force; the first rule that matches wins. */
export class Faults {
  private rules: FaultRule[] = [];
  private issued = 0;

  constructor(private readonly random: () => number) {}

  add(order: FaultOrder): FaultRule {
    if (isAtTheDoor(order.action) && Object.keys(order.match).length > 0)
      throw new Problem(
        400,
        'fault.match',
        'Nobody knows yet whose connection it is: this action takes an empty match.',
      );
    if (this.rules.length >= MAX_FAULTS) this.rules = this.rules.filter((rule) => !isSpent(rule));
    if (this.rules.length >= MAX_FAULTS)
      throw new Problem(409, 'fault.limit', `There are ${MAX_FAULTS} faults in force; remove some.`);
    const rule = { ...order, id: `fault-${++this.issued}`, seen: 0, hits: 0 };
    this.rules.push(rule);
    return rule;
  }

  remove(id: string): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    return this.rules.length < before;
  }

  clear(): number {
    return this.rules.splice(0).length;
  }

  list(): readonly FaultRule[] {
    return this.rules;
  }

  /** The action for this stanza, if any; counts the hit. */
  strike(passing: Passing): FaultAction | undefined {
    if (this.rules.length === 0) return undefined;
    for (const rule of this.rules) {
      if (isSpent(rule) || !applies(rule.action, passing) || !matches(rule.match, passing)) continue;
      if (this.hits(rule)) return rule.action;
    }
    return undefined;
  }

  /** What happens to a connection that is just being made. */
  strikeDoor<K extends DoorAction['kind']>(kind: K): Extract<DoorAction, { kind: K }> | undefined {
    const rule = this.rules.find((candidate) => candidate.action.kind === kind && !isSpent(candidate));
    return rule && this.hits(rule) ? (rule.action as Extract<DoorAction, { kind: K }>) : undefined;
  }

  private hits(rule: FaultRule): boolean {
    const { match, probability } = rule;
    rule.seen++;
    if (match.nth !== undefined && match.nth !== rule.seen) return false;
    if (probability !== undefined && this.random() >= probability) return false;
    rule.hits++;
    return true;
  }
}

function isSpent({ times, hits, match, seen }: FaultRule): boolean {
  return (times !== undefined && hits >= times) || (match.nth !== undefined && seen >= match.nth);
}

function isAtTheDoor({ kind }: FaultAction): boolean {
  return kind === 'badHandshake' || kind === 'rejectUpgrade';
}

const isQuery = ({ direction, stanza }: Passing) => direction === 'in' && stanza.tag === 'iq';
const isEncrypted = ({ stanza }: Passing) => stanza.tag === 'message' && hasCiphertext(stanza);
const never = () => false;

/** What an action can happen to; the others can happen to anything. */
const conditions: Partial<Record<FaultAction['kind'], (passing: Passing) => boolean>> = {
  error: isQuery,
  nack: ({ direction, stanza }) => direction === 'in' && stanza.tag !== 'iq',
  noReply: ({ direction }) => direction === 'in',
  corrupt: isEncrypted,
  replaceEncWithNothing: isEncrypted,
  failure: ({ direction, stanza }) => direction === 'out' && stanza.tag === 'success',
  garbageFrame: ({ direction }) => direction === 'out',
  stalePrekeys: ({ direction, stanza }) => direction === 'out' && handsOutKeys(stanza),
  badHandshake: never,
  rejectUpgrade: never,
};

function applies({ kind }: FaultAction, passing: Passing): boolean {
  return conditions[kind]?.(passing) ?? true;
}

function matches(match: FaultMatch, { direction, account, device, stanza }: Passing): boolean {
  return (
    isIn(match.direction, direction) &&
    isIn(match.account, account) &&
    isIn(match.device, device) &&
    isIn(match.tag, stanza.tag) &&
    isIn(match.type, stanza.attrs.type) &&
    (match.childTag === undefined || child(stanza, match.childTag) !== undefined)
  );
}

function isIn<T>(wanted: T | undefined, found: T | null | undefined): boolean {
  return wanted === undefined || wanted === found;
}

function hasCiphertext(node: Stanza): boolean {
  const targets = children(child(node, 'participants'));
  return [node, ...targets].some((holder) => child(holder, 'enc') !== undefined);
}

function handsOutKeys(node: Stanza): boolean {
  return node.tag === 'iq' && children(child(node, 'list'), 'user').some((user) => child(user, 'key') !== undefined);
}
