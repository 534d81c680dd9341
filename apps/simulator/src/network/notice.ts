import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Core } from '../world/core.js';

/** Something the service tells a client on its own; `from` and `type` are given, id and time are added. */
export function notice(
  { seed, clock }: Pick<Core, 'seed' | 'clock'>,
  attrs: { from: string; type: string } & Record<string, string | undefined>,
  content: Stanza['content'],
): Stanza {
  return stanza('notification', { ...attrs, id: seed.messageId(attrs.from), t: clock.seconds() }, content);
}
