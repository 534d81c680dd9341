import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomBytes } from 'node:crypto';
import type { SignedPreKey } from '../world/account.js';
import { isKey, isSignedPreKey } from '../world/key-stanzas.js';

const REFS = 6;

/** An unlinked client that shows a QR code or waits for a pairing code. */
export interface Registration {
  readonly refs: ReadonlySet<string>;
  readonly registrationId: number;
  readonly identity: Buffer;
  readonly signedPreKey: SignedPreKey;
  readonly noiseKey: Buffer;
  /** How the client describes itself, and how much history it wants. */
  readonly props: proto.IDeviceProps;
}

/** Reads what a client says about itself in its first payload; undefined when it does not ask to be linked, or wrongly. */
export function readRegistration(payload: proto.ClientPayload, noiseKey: Buffer): Registration | undefined {
  const data = payload.devicePairingData ?? {};
  const [regId, keyId, identity] = [bytes(data.eRegid), bytes(data.eSkeyId), bytes(data.eIdent)];
  const [value, signature] = [bytes(data.eSkeyVal), bytes(data.eSkeySig)];
  if (regId.length !== 4 || keyId.length !== 3 || !isKey(identity)) return undefined;
  const signedPreKey = { id: keyId.readUIntBE(0, 3), value, signature };
  const props = readProps(bytes(data.deviceProps));
  if (!isSignedPreKey(signedPreKey) || !props) return undefined;
  return {
    refs: new Set(Array.from({ length: REFS }, () => `2@${randomBytes(30).toString('base64url')}`)),
    registrationId: regId.readUInt32BE(0),
    identity,
    signedPreKey,
    noiseKey,
    props,
  };
}

const bytes = (field: Uint8Array | null | undefined): Buffer => Buffer.from(field ?? []);

function readProps(encoded: Buffer): proto.IDeviceProps | undefined {
  try {
    return proto.DeviceProps.decode(encoded);
  } catch {
    return undefined;
  }
}
