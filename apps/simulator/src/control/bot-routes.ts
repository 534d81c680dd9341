import type { FastifyInstance } from 'fastify';
import type { Bot, BotOrder } from '../bots/bots.js';
import { behaviours } from '../contacts/behaviours/all.js';
import { line, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

const tags = ['bots'];
const rule = strictObject({ match: { type: 'string', format: 'regex' }, text: { type: 'string' } }, ['match', 'text']);
const body = strictObject({
  name: line,
  behaviour: { type: 'string', enum: Object.keys(behaviours) },
  rules: { type: 'array', items: rule },
});

/** Bots: who is listed to clients. */
export function botRoutes(app: FastifyInstance, stage: Stage): void {
  const created = { schema: { summary: 'Create a bot', tags, body } };
  app.post<{ Body: BotOrder }>('/bots', created, (request, reply) =>
    reply.status(201).send(describe(stage.current.bots.create(request.body))),
  );
  const listed = { schema: { summary: 'List bots', tags } };
  app.get('/bots', listed, () => ({ items: stage.current.bots.all.map(describe) }));
}

function describe({ jid, personaId, account }: Bot) {
  return { jid, personaId, pn: account.pn, lid: account.lid, name: account.name };
}
