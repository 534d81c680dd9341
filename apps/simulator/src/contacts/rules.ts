import { Script, createContext } from 'node:vm';
import type { ReplyRule } from './behaviour.js';

const MAX_TEXT = 4_096;
const PATIENCE_MS = 50;

/**
 * Some patterns take time that doubles with every letter of a text. They are searched for where the runtime can break
 * that off; a rule that once took too long is not tried again.
 */
const workshop = createContext({ pattern: /$/, text: '' });
const search = new Script('pattern.test(text)');
const patterns = new WeakMap<ReplyRule, RegExp>();
const hopeless = new WeakSet<ReplyRule>();

/** The first rule whose pattern is found in a text. */
export function ruleFor(rules: ReplyRule[], text: string): ReplyRule | undefined {
  return rules.find((rule) => !hopeless.has(rule) && isFound(rule, text.slice(0, MAX_TEXT)));
}

function isFound(rule: ReplyRule, text: string): boolean {
  try {
    Object.assign(workshop, { pattern: patternOf(rule), text });
    return search.runInContext(workshop, { timeout: PATIENCE_MS }) === true;
  } catch {
    hopeless.add(rule);
    return false;
  }
}

function patternOf(rule: ReplyRule): RegExp {
  const pattern = patterns.get(rule) ?? new RegExp(rule.match, 'i');
  patterns.set(rule, pattern);
  return pattern;
}
