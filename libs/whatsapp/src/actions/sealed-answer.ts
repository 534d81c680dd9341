import { aesDecryptGCM, aesEncryptGCM, hmacSign } from '@whiskeysockets/baileys';
import { randomBytes } from 'node:crypto';

/** What a key is made for; part of what it is derived from. */
export type SealPurpose = 'Poll Vote' | 'Event Response' | 'Enc Reaction';

/** What an answer is sealed with: only those who have the original message can read it. */
export interface SealContext {
  /** The secret that came with the original. */
  secret: Uint8Array;
  /** WhatsApp's id of the original. */
  messageId: string;
  /** JID of whoever wrote the original, as the answerer knows it. */
  author: string;
  /** JID of whoever answers, in the same spirit. */
  answerer: string;
}

export interface SealedPayload {
  payload: Uint8Array;
  iv: Uint8Array;
}

/** Encrypts an answer. */
export function seal(purpose: SealPurpose, context: SealContext, answer: Uint8Array): SealedPayload {
  const iv = randomBytes(12);
  return { payload: aesEncryptGCM(answer, keyFor(purpose, context), iv, bindingOf(purpose, context)), iv };
}

/** Decrypts an answer; null when the context is not the one that it was sealed with. */
export function unseal(purpose: SealPurpose, context: SealContext, { payload, iv }: SealedPayload): Uint8Array | null {
  try {
    return aesDecryptGCM(payload, keyFor(purpose, context), iv, bindingOf(purpose, context));
  } catch {
    return null;
  }
}

function keyFor(purpose: SealPurpose, { secret, messageId, author, answerer }: SealContext): Buffer {
  const first = hmacSign(secret, new Uint8Array(32), 'sha256');
  const info = Buffer.concat([Buffer.from(`${messageId}${author}${answerer}${purpose}`), Buffer.from([1])]);
  return hmacSign(info, first, 'sha256');
}

/** Reactions are bound to nothing, answers to the original and to who answers. */
const bindingOf = (purpose: SealPurpose, { messageId, answerer }: SealContext): Buffer =>
  Buffer.from(purpose === 'Enc Reaction' ? '' : `${messageId}\0${answerer}`);
