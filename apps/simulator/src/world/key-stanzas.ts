import { child, contentBytes, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { DeviceKeys, PublicPreKey, SignedPreKey } from './account.js';

const CURVE_25519 = Buffer.from([5]);

/** Registration id, key type and identity: the head of every key bundle. */
export function identityStanzas(keys: DeviceKeys): Stanza[] {
  return [
    stanza('registration', {}, bigEndian(keys.registrationId, 4)),
    stanza('type', {}, CURVE_25519),
    stanza('identity', {}, keys.identity),
  ];
}

/** `<id/>`: the number of a key. */
export function preKeyIdStanza(id: number): Stanza {
  return stanza('id', {}, bigEndian(id, 3));
}

/** `<key><id/><value/></key>` */
export function preKeyStanza({ id, value }: PublicPreKey): Stanza {
  return stanza('key', {}, [preKeyIdStanza(id), stanza('value', {}, value)]);
}

/** `<skey><id/><value/><signature/></skey>` */
export function signedPreKeyStanza({ id, value, signature }: SignedPreKey): Stanza {
  const parts = [preKeyIdStanza(id), stanza('value', {}, value), stanza('signature', {}, signature)];
  return stanza('skey', {}, parts);
}

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Whether this can be a public key at all. */
export const isKey = (bytes: Uint8Array): boolean => bytes.length === KEY_BYTES;

/** Whether a signed pre-key has the right lengths; only its owner's contacts can tell whether the signature is right. */
export function isSignedPreKey({ value, signature }: SignedPreKey): boolean {
  return isKey(value) && signature.length === SIGNATURE_BYTES;
}

/** Reads `<key>`; a malformed id reads as 0, which no client uses. */
export function readPreKey(node: Stanza): PublicPreKey {
  const id = contentBytes(child(node, 'id'));
  return { id: id.length === 3 ? id.readUIntBE(0, 3) : 0, value: contentBytes(child(node, 'value')) };
}

/** Reads `<skey>`. */
export function readSignedPreKey(node: Stanza): SignedPreKey {
  return { ...readPreKey(node), signature: contentBytes(child(node, 'signature')) };
}

/** Reads the keys a retry request may carry; undefined when it carries none. */
export function readBundle(receipt: Stanza): DeviceKeys | undefined {
  const bundle = child(receipt, 'keys');
  const registration = contentBytes(child(receipt, 'registration'));
  const [signed, oneTime] = [child(bundle, 'skey'), child(bundle, 'key')];
  const identity = contentBytes(child(bundle, 'identity'));
  if (!bundle || !signed || registration.length !== 4) return undefined;
  const isSound = isKey(identity) && isSignedPreKey(readSignedPreKey(signed));
  if (!isSound || (oneTime && !isKey(readPreKey(oneTime).value))) return undefined;
  return {
    registrationId: registration.readUInt32BE(0),
    identity,
    signedPreKey: () => readSignedPreKey(signed),
    takePreKey: () => oneTime && readPreKey(oneTime),
    usedPreKey: () => undefined,
  };
}

function bigEndian(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
