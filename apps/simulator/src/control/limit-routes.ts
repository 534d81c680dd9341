import type { FastifyInstance } from 'fastify';
import type { Capping, CappingOrder } from '../limits/capping.js';
import { lockTypes } from '../limits/time-lock.js';
import type { LockType, TimeLock } from '../limits/time-lock.js';
import type { Account } from '../world/account.js';
import { isoOf } from '../world/clock.js';
import { strictObject } from './schemas.js';
import type { Stage } from './stage.js';

interface LimitsOrder {
  timeLock?: { seconds: number; type?: LockType };
  capping?: CappingOrder;
}

const tags = ['limits'];
const YEAR = 366 * 24 * 60 * 60;
const timeLock = strictObject({ seconds: { type: 'integer', minimum: 0, maximum: YEAR }, type: { enum: lockTypes } }, [
  'seconds',
]);
const capping = strictObject(
  {
    total: { type: 'integer', minimum: 0 },
    used: { type: 'integer', minimum: 0 },
    cycleSeconds: { type: 'integer', minimum: 1, maximum: YEAR },
  },
  ['total'],
);

/** What the service holds an account back from. */
export function limitRoutes(app: FastifyInstance, stage: Stage): void {
  const describe = (account: Account) => {
    const { limits, clock } = stage.current;
    return {
      timeLock: describeLock(limits.timeLockOf(account), clock.seconds()),
      capping: describeCapping(limits.cappingOf(account)),
    };
  };
  const set = {
    schema: {
      summary: 'Restrict an account; what is not given stays as it is',
      tags,
      body: strictObject({ timeLock, capping }),
    },
  };
  app.patch<{ Params: { pn: string }; Body: LimitsOrder }>('/accounts/:pn/limits', set, ({ params, body }) => {
    const account = stage.account(params.pn);
    const { limits } = stage.current;
    if (body.timeLock) limits.lock(account, body.timeLock.seconds, body.timeLock.type ?? 'DEFAULT');
    if (body.capping) limits.cap(account, body.capping);
    return describe(account);
  });
  const shown = { schema: { summary: "An account's limits", tags } };
  app.get<{ Params: { pn: string } }>('/accounts/:pn/limits', shown, ({ params }) =>
    describe(stage.account(params.pn)),
  );
}

function describeLock({ isActive, endsAt, type }: TimeLock, now: number) {
  return { seconds: isActive ? endsAt - now : 0, type, endsAt: isActive ? isoOf(endsAt) : null };
}

function describeCapping({ total, used, cycleSeconds, stage, isInForce, endsAt }: Capping) {
  return { total, used, cycleSeconds, stage, endsAt: isInForce ? isoOf(endsAt) : null };
}
