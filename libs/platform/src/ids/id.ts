import { typeidUnboxed } from 'typeid-js';

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
  media: 'med',
  history: 'hist',
} as const;

/** A new opaque id such as `ses_01jd…`: the kind, then a time-ordered UUIDv7, so ids of one kind sort by age. */
export const newId = (kind: keyof typeof prefixes): string => typeidUnboxed(prefixes[kind]);
