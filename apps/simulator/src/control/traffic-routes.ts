import type { FastifyInstance } from 'fastify';
import type { FaultOrder } from '../traffic/faults.js';
import type { StanzaFilter } from '../traffic/stanza-log.js';
import { Problem } from '../world/problem.js';
import { pnSchema, strictObject } from './http.js';
import type { Stage } from './stage.js';

const word = { type: 'string', minLength: 1 };
const direction = { enum: ['in', 'out'] };
const code = { type: 'integer', minimum: 1 };
const only = (...kinds: string[]) => ({ kind: { enum: kinds } });
const actionSchema = {
  oneOf: [
    strictObject(only('drop', 'duplicate', 'noReply'), ['kind']),
    strictObject({ ...only('delay'), ms: { type: 'integer', minimum: 1 } }, ['kind', 'ms']),
    strictObject({ ...only('error', 'nack'), code }, ['kind', 'code']),
  ],
};
const faultSchema = strictObject(
  {
    match: strictObject({ account: pnSchema, direction, tag: word, type: word, childTag: word }),
    action: actionSchema,
    times: { type: 'integer', minimum: 1 },
    probability: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  },
  ['match', 'action'],
);

const filters = {
  account: pnSchema,
  tag: word,
  direction,
  since: { type: 'integer', minimum: 0 },
  id: word,
  type: word,
};
const listSchema = strictObject({ ...filters, limit: { type: 'integer', minimum: 1, maximum: 20_000 } });
const waitSchema = strictObject({ ...filters, timeoutMs: { type: 'integer', minimum: 1, maximum: 120_000 } });

/** Misfortunes in force, and the stanzas that went by. */
export function trafficRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Body: FaultOrder }>('/faults', { schema: { body: faultSchema } }, (request, reply) =>
    reply.status(201).send(stage.current.faults.add(request.body)),
  );
  app.get('/faults', () => ({ items: stage.current.faults.list() }));
  app.delete<{ Params: { id: string } }>('/faults/:id', ({ params }, reply) => {
    if (!stage.current.faults.remove(params.id))
      throw new Problem(404, 'fault.unknown', `There is no fault ${params.id}.`);
    return reply.status(204).send();
  });
  app.get<{ Querystring: StanzaFilter & { limit?: number } }>(
    '/stanzas',
    { schema: { querystring: listSchema } },
    ({ query: { limit = 100, ...filter } }) => {
      const { log } = stage.current;
      return { items: log.find(filter, limit), lastSeq: log.lastSeq };
    },
  );
  app.get<{ Querystring: StanzaFilter & { timeoutMs?: number } }>(
    '/stanzas/wait',
    { schema: { querystring: waitSchema } },
    async ({ query: { timeoutMs = 10_000, ...filter } }) => {
      const found = await stage.current.log.wait(filter, timeoutMs);
      if (!found) throw new Problem(408, 'stanza.timeout', 'No such stanza came in time.');
      return found;
    },
  );
}
