import { randomBytes } from 'node:crypto';
import { TypeID, typeidUnboxed } from 'typeid-js';

const prefixes = {
  tenant: 'ten',
  user: 'usr',
  token: 'tok',
  audit: 'aud',
  session: 'ses',
  command: 'cmd',
  message: 'msg',
  event: 'evt',
  process: 'prc',
  webhook: 'whk',
  destination: 'dst',
  media: 'med',
  storage: 'sto',
  history: 'hist',
  replay: 'rpl',
} as const;

/** A new opaque id such as `ses_01jd…`: the kind, then a time-ordered UUIDv7, so ids of one kind sort by age. */
export const newId = (kind: keyof typeof prefixes): string => typeidUnboxed(prefixes[kind]);

/** An id that sorts as if it had been made at that time: for what is older than its row. */
export function newIdAt(kind: keyof typeof prefixes, at: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.max(0, at.getTime()), 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return TypeID.fromUUIDBytes(prefixes[kind], bytes).toString();
}
