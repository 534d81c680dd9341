import type { lookup, LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AppError } from '../errors/app-error.js';
import type { AddressPolicy } from './address-policy.js';

/**
 * A lookup for sockets that finds a name only if every address of it may be called. The connection goes to what was
 * checked, so a name cannot change in between. Literal addresses never reach a lookup: `assertLiteral`.
 */
export const pinnedLookup =
  (policy: () => AddressPolicy, resolve: () => typeof lookup, detail?: string): LookupFunction =>
  (host, options, done) => {
    resolve()(host, { ...options, all: true }, (error, addresses: LookupAddress[] | undefined) => {
      const first = addresses?.[0];
      // A name that does not exist looks like one that leads inside, or this would be a way to explore the network.
      if (error || !first || !addresses.every(({ address }) => policy().allows(address, host)))
        return done(refusedUrl(undefined, detail), []);
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };

/** Without the brackets of an IPv6 address in a URL. */
export const bareHost = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

/** `pointer` names the field that the URL came in. */
export function refusedUrl(pointer?: string, detail = 'must lead to a public address by http or https'): AppError {
  return new AppError('invalid', 'outbound.refused', `The URL ${detail}.`, {
    errors: pointer === undefined ? undefined : [{ pointer, detail }],
  });
}
