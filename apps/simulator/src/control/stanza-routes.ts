import type { FastifyInstance } from 'fastify';
import type { StanzaFilter } from '../traffic/stanza-log.js';
import { Problem } from '../world/problem.js';
import { line, pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

interface ListQuery extends StanzaFilter {
  limit?: number;
  form?: 'plain' | 'canonical';
}

const tags = ['stanzas'];
const filters = {
  account: pnSchema,
  tag: line,
  direction: { enum: ['in', 'out'] },
  since: { type: 'integer', minimum: 0 },
  id: line,
  type: line,
  childTag: line,
};
const listSchema = strictObject({
  ...filters,
  limit: { type: 'integer', minimum: 1, maximum: 20_000 },
  form: { enum: ['plain', 'canonical'] },
});
const waitSchema = strictObject({ ...filters, timeoutMs: { type: 'integer', minimum: 1, maximum: 120_000 } });

/** The stanzas that went by. */
export function stanzaRoutes(app: FastifyInstance, stage: Stage): void {
  const listed = {
    tags,
    summary: 'Captured stanzas, oldest first; canonical: the same in every run with the same seed and script',
    querystring: listSchema,
  };
  app.get<{ Querystring: ListQuery }>('/stanzas', { schema: listed }, ({ query }) => {
    const { limit = 100, form = 'plain', ...filter } = query;
    const { log } = stage.current;
    const items = form === 'canonical' ? log.findCanonical(filter, limit) : log.find(filter, limit);
    return { items, lastSeq: log.lastSeq };
  });
  const awaited = { tags, summary: 'The first such stanza, already captured or yet to come', querystring: waitSchema };
  app.get<{ Querystring: StanzaFilter & { timeoutMs?: number } }>(
    '/stanzas/wait',
    { schema: awaited },
    async ({ query: { timeoutMs = 10_000, ...filter } }) => {
      const found = await stage.current.log.wait(filter, timeoutMs);
      if (!found) throw new Problem(408, 'stanza.timeout', 'No such stanza came in time.');
      return found;
    },
  );
}
