import type { FaultAction } from '../faults/fault.js';
import { line, oneOfKind, pnSchema, strictObject } from './schemas.js';

const natural = { type: 'integer', minimum: 1 };
const errorCode = { type: 'integer', minimum: 1, maximum: 999 };

/** Refusals of a login that clients know. */
export const loginFailures = [400, 401, 402, 403, 405, 411, 463, 500, 501, 503];

/** What a stream can end with. */
export const streamErrorSchema = {
  anyOf: [{ type: 'integer', minimum: 400, maximum: 599 }, { enum: ['ack', 'replaced', 'device_removed'] }],
};

/** What a WebSocket may be closed with. */
export const closeCodeSchema = {
  type: 'integer',
  anyOf: [
    { enum: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014] },
    { minimum: 3000, maximum: 4999 },
  ],
};

/** The fields of each action; those with a `?` may be left out. */
const fields: Record<FaultAction['kind'], Record<string, object>> = {
  drop: {},
  delay: {
    ms: { type: 'integer', minimum: 0, maximum: 3_600_000 },
    'jitterMs?': { type: 'integer', minimum: 0, maximum: 3_600_000 },
  },
  duplicate: { 'copies?': { type: 'integer', minimum: 1, maximum: 100 } },
  reorder: { window: { type: 'integer', minimum: 2, maximum: 1_000 } },
  corrupt: {},
  replaceEncWithNothing: {},
  error: { code: errorCode },
  nack: { code: errorCode },
  noReply: {},
  failure: { reason: { enum: loginFailures }, 'expireSeconds?': natural },
  garbageFrame: {},
  throttle: { bytesPerSec: natural },
  stalePrekeys: {},
  restartWorld: {},
  closeSocket: { 'code?': closeCodeSchema },
  resetTcp: {},
  halfOpen: {},
  streamEnd: {},
  streamError: { error: streamErrorSchema },
  downgrade: {},
  badHandshake: {},
  rejectUpgrade: { status: { type: 'integer', minimum: 400, maximum: 599 } },
};

const actionSchemas = Object.entries(fields).map(([kind, more]) => {
  const names = Object.keys(more);
  const properties = Object.fromEntries(names.map((name) => [name.replace('?', ''), more[name] ?? {}]));
  const required = names.filter((name) => !name.endsWith('?'));
  return strictObject({ kind: { type: 'string', enum: [kind] }, ...properties }, ['kind', ...required]);
});

/** A fault as it is ordered. */
export const faultSchema = strictObject(
  {
    match: strictObject({
      account: pnSchema,
      device: natural,
      direction: { enum: ['in', 'out'] },
      tag: line,
      type: line,
      childTag: line,
      nth: natural,
    }),
    action: oneOfKind('kind', actionSchemas),
    times: natural,
    probability: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  },
  ['match', 'action'],
);
