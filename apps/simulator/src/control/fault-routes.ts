import type { FastifyInstance } from 'fastify';
import type { FaultOrder } from '../faults/fault.js';
import { Problem } from '../world/problem.js';
import { faultSchema } from './fault-schema.js';
import type { Stage } from './stage.js';

const tags = ['faults'];

/** The misfortunes in force. */
export function faultRoutes(app: FastifyInstance, stage: Stage): void {
  const ordered = { tags, summary: 'Let something go wrong with stanzas or connections', body: faultSchema };
  app.post<{ Body: FaultOrder }>('/faults', { schema: ordered }, (request, reply) =>
    reply.status(201).send(stage.current.faults.add(request.body)),
  );
  const listed = { tags, summary: 'Faults in force, with how many stanzas matched and how many were hit' };
  app.get('/faults', { schema: listed }, () => ({ items: stage.current.faults.list() }));
  const removed = { tags, summary: 'Remove a fault' };
  app.delete<{ Params: { id: string } }>('/faults/:id', { schema: removed }, ({ params }, reply) => {
    if (!stage.current.faults.remove(params.id))
      throw new Problem(404, 'fault.unknown', `There is no fault ${params.id}.`);
    return reply.status(204).send();
  });
  const cleared = { tags, summary: 'Remove every fault' };
  app.delete('/faults', { schema: cleared }, () => ({ removed: stage.current.faults.clear() }));
}
