/**
 * How a phone played here treats what it receives.
 * - `phone`: reads and records, confirms nothing: the phone behind a linked session
 * - `silent`: confirms delivery · `reader`: and reading · `echo`: and sends the same text back
 * - `replier`: reads and answers by rules · `sink`: confirms delivery without opening, for load
 * - `unreachable`: switched off
 */
export const behaviours = ['phone', 'silent', 'reader', 'echo', 'replier', 'sink', 'unreachable'] as const;

/** One of the built-in ways to behave. */
export type Behaviour = (typeof behaviours)[number];

/** An answer of a `replier`: sent when the pattern is found in an incoming text. */
export interface ReplyRule {
  match: string;
  text: string;
}

/** How a phone behaves, and how it treats messages that cannot be read. */
export interface Manners {
  behaviour: Behaviour;
  /** Asks the sender again when a message cannot be read. Off by default, so that a damaged ratchet shows. */
  retries: boolean;
  /** Sends a message again when the receiver asks for it. */
  answerRetries: boolean;
  rules: ReplyRule[];
}

/** Whether messages are decrypted at all. */
export function opensMail(behaviour: Behaviour): boolean {
  return behaviour !== 'sink' && behaviour !== 'unreachable';
}

/** Whether the sender gets the second tick. */
export function confirmsDelivery(behaviour: Behaviour): boolean {
  return behaviour !== 'phone' && behaviour !== 'unreachable';
}

/** Whether the ticks turn blue. */
export function confirmsReading(behaviour: Behaviour): boolean {
  return behaviour === 'reader' || behaviour === 'echo' || behaviour === 'replier';
}

/** The text to send in answer, if any. */
export function answerTo({ behaviour, rules }: Manners, text: string): string | undefined {
  if (behaviour === 'echo') return text;
  if (behaviour !== 'replier') return undefined;
  return rules.find(({ match }) => new RegExp(match, 'i').test(text))?.text;
}
