import type { FastifyInstance } from 'fastify';
import type { Call, CallOrder } from '../messages/calls.js';
import type { Family } from '../wire/jid.js';
import { Problem } from '../world/problem.js';
import { familySchema, flag, groupSchema, pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

type Ring = Partial<CallOrder> & { to: string; family?: Family };

const DEFAULT_RING_MS = 45_000;
const tags = ['calls'];
const ringSchema = strictObject(
  {
    to: pnSchema,
    family: familySchema,
    isVideo: flag,
    group: groupSchema,
    ringMs: { type: 'integer', minimum: 1, maximum: 3_600_000 },
    end: { enum: ['timeout', 'hangUp'] },
  },
  ['to'],
);
const signalSchema = strictObject(
  {
    signal: { enum: ['ringing', 'preaccept', 'transport', 'relaylatency', 'hangUp', 'timeout'] },
    latencyMs: { type: 'integer', minimum: 0 },
  },
  ['signal'],
);

const answerSchema = strictObject({ answer: { enum: ['accept', 'reject'] } }, ['answer']);

/** People call; what is said about the calls. */
export function callRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Params: { pn: string }; Body: Ring }>(
    '/accounts/:pn/call',
    { schema: { summary: 'Call somebody', tags, body: ringSchema } },
    ({ params, body }, reply) => {
      const { to, family = 'pn', ringMs = DEFAULT_RING_MS, ...order } = body;
      const callee = { account: stage.account(to), family };
      const call = stage.current.calls.ring(stage.phone(params.pn), callee, { ...order, ringMs });
      return reply.status(202).send(describe(call));
    },
  );
  app.post<{ Params: { id: string }; Body: { answer: 'accept' | 'reject' } }>(
    '/calls/:id/answer',
    { schema: { summary: 'Let the phone that is called answer', tags, body: answerSchema } },
    ({ params, body }) => {
      const call = find(stage, params.id);
      stage.current.calls.answer(call, stage.phone(call.callee.pn), body.answer);
      return describe(call);
    },
  );
  app.get('/calls', { schema: { summary: 'The last calls and how they ended', tags } }, () => ({
    items: stage.current.calls.list().map(describe),
  }));
  app.post<{ Params: { id: string }; Body: { signal: string; latencyMs?: number } }>(
    '/calls/:id/signal',
    { schema: { summary: 'Let the caller say something about a call, or end it', tags, body: signalSchema } },
    ({ params, body }) => {
      const { calls } = stage.current;
      const call = find(stage, params.id);
      const { signal, latencyMs } = body;
      if (signal === 'hangUp' || signal === 'timeout') calls.hangUp(call, signal);
      else calls.signal(call, signal, latencyMs === undefined ? {} : { latency: String(latencyMs) });
      return describe(call);
    },
  );
}

function find(stage: Stage, id: string): Call {
  const call = stage.current.calls.find(id);
  if (!call) throw new Problem(404, 'call.unknown', `There is no call ${id}.`);
  return call;
}

function describe({ id, caller, callee, isVideo, group, state }: Call) {
  return { id, from: caller.account.pn, to: callee.pn, isVideo, group: group ?? null, state };
}
