import { child } from '../wire/stanza.js';
import { FaultList } from './fault-list.js';
import type { Rule } from './fault-list.js';
import type { DoorAction, FaultAction, FaultMatch, FaultOrder, Passing } from './fault.js';
import { canStrike, demandStrikable } from './reach.js';

type FaultRule = Rule<FaultOrder>;

/** The list of misfortunes in force; the first rule that matches wins. */
export class Faults {
  private readonly rules = new FaultList<FaultOrder>('fault', isSpent);

  constructor(private readonly random: () => number) {}

  add(order: FaultOrder): FaultRule {
    demandStrikable(order);
    return this.rules.add(order);
  }

  remove(id: string): boolean {
    return this.rules.remove(id);
  }

  clear(): number {
    return this.rules.clear();
  }

  list(): readonly FaultRule[] {
    return this.rules.all;
  }

  /** The action for this stanza, if any; counts the hit. */
  strike(passing: Passing): FaultAction | undefined {
    for (const rule of this.rules.all) {
      if (isSpent(rule) || !canStrike(rule.action, passing) || !matches(rule.match, passing)) continue;
      if (this.hits(rule)) return rule.action;
    }
    return undefined;
  }

  /** What happens to a connection that is just being made. */
  strikeDoor<K extends DoorAction['kind']>(kind: K): Extract<DoorAction, { kind: K }> | undefined {
    const rule = this.rules.all.find((candidate) => candidate.action.kind === kind && !isSpent(candidate));
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
