import { type AuthenticationCreds, BufferJSON, initAuthCreds } from '@whiskeysockets/baileys';
import type { KeyRing } from '@app/platform/secrets/key-ring.js';
import type { DataSource } from 'typeorm';

const context = (sessionId: string) => `credentials:${sessionId}`;

/** The stored login of a session, or fresh credentials that are not yet linked to any account. */
export async function loadCredentials(
  database: DataSource,
  ring: KeyRing,
  sessionId: string,
): Promise<AuthenticationCreds> {
  const rows: { sealed: Buffer }[] = await database.query(
    'SELECT sealed FROM session_credentials WHERE session_id = $1',
    [sessionId],
  );
  const sealed = rows[0]?.sealed;
  if (!sealed) return initAuthCreds();
  return JSON.parse(ring.open(sealed, context(sessionId)).toString(), BufferJSON.reviver) as AuthenticationCreds;
}

export const sealCredentials = (ring: KeyRing, sessionId: string, creds: AuthenticationCreds): Buffer =>
  ring.seal(Buffer.from(JSON.stringify(creds, BufferJSON.replacer)), context(sessionId));

/**
 * Whether an account is linked. Only then are credentials stored: a pairing code sets `me` long before the phone agrees,
 * and a restart with such credentials would try to log in with nothing.
 */
export const isLinked = (creds: AuthenticationCreds): boolean => Boolean(creds.account && creds.me?.id);
