import type { Stanza } from '../wire/stanza.js';

/** Seen from the service: `in` comes from a client, `out` goes to one. */
export type Direction = 'in' | 'out';

/** A stanza with the client it came from or went to; both null before a client is anybody. */
export interface Sighting {
  account: string | null;
  device: number | null;
  direction: Direction;
  stanza: Stanza;
}
