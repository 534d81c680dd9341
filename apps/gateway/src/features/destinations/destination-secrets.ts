import type { KeyRing } from '@app/platform/secrets/key-ring.js';

/** What of a destination is kept sealed and shown to nobody. */
export interface DestinationSecrets {
  /** The `whsec_…` secret that signs. */
  signing?: string;
  /** The one before; signs as well until then (RFC 3339). */
  previous?: { secret: string; until: string };
  /** Sent with each request. */
  headers?: Record<string, string>;
  /** PEM. `ca` makes a server's own certificate believed, the others show who we are. */
  tls?: { ca?: string; certificate?: string; key?: string };
  /** The URL with user name and password. */
  url?: string;
  /** Of brokers, where they are not in the URL: keys, tokens, names and passwords, as the kind calls them. */
  credentials?: Record<string, string>;
}

export const sealSecrets = (keys: KeyRing, id: string, secrets: DestinationSecrets): Buffer =>
  keys.seal(Buffer.from(JSON.stringify(secrets)), context(id));

export function openSecrets(keys: KeyRing, id: string, sealed: Buffer): DestinationSecrets {
  const opened = keys.open(sealed, context(id)).toString();
  // Webhooks had nothing but a signing secret at first, and kept it bare.
  return opened.startsWith('{') ? (JSON.parse(opened) as DestinationSecrets) : { signing: opened };
}

const context = (id: string) => `destination:${id}`;
