import type { Registration } from '../pairing/registration.js';
import type { Companion } from '../world/companion.js';
import type { Connection } from '../wire/connection.js';

/** A connected client: not yet anybody, waiting to be linked, or logged in as a companion. */
export interface Client {
  readonly connection: Connection;
  /** When it was opened, by the network's clock. */
  readonly openedAt: string;
  registration?: Registration;
  companion?: Companion;
  /** Ids whose answers a fault swallows. */
  muted?: Set<string>;
}
