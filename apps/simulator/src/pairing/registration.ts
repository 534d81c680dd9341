import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomBytes } from 'node:crypto';
import type { SignedPreKey } from '../world/account.js';

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

/** Reads what a client says about itself in its first payload; undefined when it does not ask to be linked. */
export function readRegistration(payload: proto.ClientPayload, noiseKey: Buffer): Registration | undefined {
  const data = payload.devicePairingData;
  if (!data?.eRegid || !data.eIdent || !data.eSkeyId || !data.eSkeyVal || !data.eSkeySig) return undefined;
  return {
    refs: new Set(Array.from({ length: REFS }, () => `2@${randomBytes(30).toString('base64url')}`)),
    registrationId: Buffer.from(data.eRegid).readUInt32BE(0),
    identity: Buffer.from(data.eIdent),
    signedPreKey: {
      id: Buffer.from(data.eSkeyId).readUIntBE(0, 3),
      value: Buffer.from(data.eSkeyVal),
      signature: Buffer.from(data.eSkeySig),
    },
    noiseKey,
    props: proto.DeviceProps.decode(data.deviceProps ?? Buffer.alloc(0)),
  };
}
