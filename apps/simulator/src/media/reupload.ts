import { aesDecryptGCM, aesEncryptGCM, hkdf } from '@whiskeysockets/baileys/lib/Utils/crypto.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomBytes } from 'node:crypto';
import { child, contentBytes, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { Gallery } from './gallery.js';

const { ResultType } = proto.MediaRetryNotification;

/** The phone that is asked. */
interface AskedPhone {
  account: Account;
  core: Core;
  gallery: Gallery;
}

/**
 * A linked client could not download the file of a message: its phone uploads it again and tells where it is now,
 * encrypted with the key of that file, or says why it cannot.
 */
export async function answerUploadRequest({ account, core, gallery }: AskedPhone, request: Stanza): Promise<void> {
  const { id = '', from } = request.attrs;
  const attrs = { from: account.jid('pn'), type: 'mediaretry', id, t: core.clock.seconds() };
  const chat = child(request, 'rmr') ?? stanza('rmr');
  const answer = await uploadAgain(gallery, id, child(request, 'encrypt'));
  core.directory.findDevice(from)?.push(stanza('notification', attrs, [answer, chat]));
}

async function uploadAgain(gallery: Gallery, id: string, proof: Stanza | undefined): Promise<Stanza> {
  const mediaKey = (await gallery.find(id))?.mediaKey;
  if (!mediaKey) return stanza('error', { code: ResultType.NOT_FOUND });
  const key = hkdf(mediaKey, 32, { info: 'WhatsApp Media Retry Notification' });
  if (!isMeant(id, key, proof)) return stanza('error', { code: ResultType.DECRYPTION_ERROR });
  const directPath = (await gallery.uploadAgain(id))?.directPath;
  const result = directPath ? ResultType.SUCCESS : ResultType.NOT_FOUND;
  const answer = proto.MediaRetryNotification.encode({ stanzaId: id, directPath, result }).finish();
  const iv = randomBytes(12);
  const sealed = aesEncryptGCM(answer, key, iv, Buffer.from(id));
  return stanza('encrypt', {}, [stanza('enc_p', {}, sealed), stanza('enc_iv', {}, iv)]);
}

/** Whether the request was made with the key of the file it names; older clients send none, which is accepted. */
function isMeant(id: string, key: Uint8Array, sealed: Stanza | undefined): boolean {
  if (!sealed) return true;
  const [body, iv] = [contentBytes(child(sealed, 'enc_p')), contentBytes(child(sealed, 'enc_iv'))];
  try {
    return proto.ServerErrorReceipt.decode(aesDecryptGCM(body, key, iv, Buffer.from(id))).stanzaId === id;
  } catch {
    return false;
  }
}
