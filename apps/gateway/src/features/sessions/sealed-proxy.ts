import type { KeyRing } from '@app/platform/secrets/key-ring.js';

const contextOf = (id: string) => `session-proxy:${id}`;

/** The URL in a sealed proxy. */
export const openProxy = (keys: KeyRing, id: string, sealed: Buffer | null): string | null =>
  sealed && keys.open(sealed, contextOf(id)).toString();

export const sealProxy = (keys: KeyRing, id: string, url: string): Buffer => keys.seal(Buffer.from(url), contextOf(id));
