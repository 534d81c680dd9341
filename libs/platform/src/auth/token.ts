import { createHash, randomBytes } from 'node:crypto';

export interface NewToken {
  /** Shown once, stored nowhere. */
  token: string;
  hash: Buffer;
  hint: string;
}

/** A new API token: 256 random bits behind a prefix by which secret scanners know it. */
export function newToken(): NewToken {
  const token = `swb_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token), hint: token.slice(-4) };
}

/** Tokens are random, so a plain hash is as good as a slow one and lets the database find them. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
