import { aesDecryptGCM, aesEncryptGCM, hmacSign } from '@whiskeysockets/baileys/lib/Utils/crypto.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomBytes } from 'node:crypto';

/** What an answer to a poll or an event is encrypted with: only those who have the original can read it. */
export interface SealContext {
  /** The secret that came with the original. */
  secret: Uint8Array;
  originalId: string;
  /** Addresses of who asked and who answers, in the family the answerer knows them by. */
  author: string;
  answerer: string;
}

/** The two kinds of answers that are encrypted for themselves. */
export type Purpose = 'Poll Vote' | 'Event Response';

/** Encrypts an answer. */
export function seal(purpose: Purpose, context: SealContext, answer: Uint8Array): proto.Message.IPollEncValue {
  const encIv = randomBytes(12);
  const encPayload = aesEncryptGCM(Buffer.from(answer), keyFor(purpose, context), encIv, bindingOf(context));
  return { encPayload, encIv };
}

/** Decrypts an answer; throws when the context is not the one it was encrypted with. */
export function unseal(purpose: Purpose, context: SealContext, sealed: proto.Message.IPollEncValue): Buffer {
  const { encPayload, encIv } = sealed;
  if (!encPayload || !encIv) throw new Error('The answer is empty.');
  return aesDecryptGCM(encPayload, keyFor(purpose, context), encIv, bindingOf(context));
}

function keyFor(purpose: Purpose, { secret, originalId, author, answerer }: SealContext): Buffer {
  const first = hmacSign(Buffer.from(secret), new Uint8Array(32), 'sha256');
  const info = Buffer.concat([Buffer.from(`${originalId}${author}${answerer}${purpose}`), Buffer.from([1])]);
  return hmacSign(info, first, 'sha256');
}

function bindingOf({ originalId, answerer }: SealContext): Buffer {
  return Buffer.from(`${originalId}\0${answerer}`);
}
