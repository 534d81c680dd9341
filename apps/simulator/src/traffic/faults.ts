import { child } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Direction } from './stanza-log.js';

/** Which stanzas a fault hits; absent fields match everything. */
export interface FaultMatch {
  account?: string;
  direction?: Direction;
  tag?: string;
  type?: string;
  childTag?: string;
}

/** What happens to a stanza that is hit. */
export type FaultAction =
  | { kind: 'drop' }
  | { kind: 'delay'; ms: number }
  | { kind: 'duplicate' }
  /** An incoming iq is answered with this error instead of being handled. */
  | { kind: 'error'; code: number }
  /** An incoming message is refused with this code in its ack. */
  | { kind: 'nack'; code: number }
  /** The stanza is handled but the answer or ack is swallowed. */
  | { kind: 'noReply' };

/** A fault as it is ordered; without `times` it stays until it is removed. */
export interface FaultOrder {
  match: FaultMatch;
  action: FaultAction;
  times?: number;
  probability?: number;
}

interface FaultRule extends FaultOrder {
  id: string;
  hits: number;
}

/** The list of misfortunes in force; the first rule that matches wins. */
export class Faults {
  private rules: FaultRule[] = [];
  private issued = 0;

  constructor(private readonly random: () => number) {}

  add(order: FaultOrder): FaultRule {
    const rule = { ...order, id: `fault-${++this.issued}`, hits: 0 };
    this.rules.push(rule);
    return rule;
  }

  remove(id: string): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    return this.rules.length < before;
  }

  list(): readonly FaultRule[] {
    return this.rules;
  }

  /** The action for this stanza, if any; counts the hit. */
  strike(direction: Direction, account: string | null, stanza: Stanza): FaultAction | undefined {
    if (this.rules.length === 0) return undefined;
    for (const rule of this.rules) {
      if (rule.times !== undefined && rule.hits >= rule.times) continue;
      if (!applies(rule.action, direction, stanza) || !hits(rule.match, direction, account, stanza)) continue;
      if (rule.probability !== undefined && this.random() >= rule.probability) continue;
      rule.hits++;
      return rule.action;
    }
    return undefined;
  }
}

/** Answers can only be spoilt for what a client asks: errors for queries, refusals for everything else. */
function applies({ kind }: FaultAction, direction: Direction, { tag }: Stanza): boolean {
  if (kind === 'error') return direction === 'in' && tag === 'iq';
  if (kind === 'nack') return direction === 'in' && tag !== 'iq';
  return kind !== 'noReply' || direction === 'in';
}

function hits(match: FaultMatch, direction: Direction, account: string | null, stanza: Stanza): boolean {
  return (
    (match.direction === undefined || match.direction === direction) &&
    (match.account === undefined || match.account === account) &&
    (match.tag === undefined || match.tag === stanza.tag) &&
    (match.type === undefined || match.type === stanza.attrs.type) &&
    (match.childTag === undefined || child(stanza, match.childTag) !== undefined)
  );
}
