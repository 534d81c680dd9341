import type { FastifyInstance } from 'fastify';
import type { Family } from '../wire/jid.js';
import { Problem } from '../world/problem.js';
import { pnSchema, strictObject } from './http.js';
import type { Stage } from './stage.js';
import { sendMany } from './send-many.js';

type Pn = { pn: string };

interface SendOrder {
  to: string;
  text?: string;
  textTemplate?: string;
  id?: string;
  count?: number;
  ratePerSec?: number;
  family?: Family;
}

const family = { enum: ['pn', 'lid'] };
const messageId = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
const sendSchema = strictObject(
  {
    to: pnSchema,
    text: { type: 'string', minLength: 1 },
    textTemplate: { type: 'string', minLength: 1 },
    id: messageId,
    count: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    ratePerSec: { type: 'number', exclusiveMinimum: 0 },
    family,
  },
  ['to'],
);
const receiptSchema = strictObject(
  {
    to: pnSchema,
    ids: { type: 'array', items: messageId, minItems: 1 },
    type: { enum: ['delivered', 'read', 'played'] },
    family,
  },
  ['to', 'ids', 'type'],
);

/** What people say to each other, and what they have seen. */
export function messageRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Params: Pn; Body: SendOrder }>('/accounts/:pn/send', { schema: { body: sendSchema } }, (request, reply) =>
    reply.status(202).send({ ids: send(stage, request.params.pn, request.body) }),
  );
  app.post<{ Params: Pn; Body: { to: string; ids: string[]; type: string; family?: Family } }>(
    '/accounts/:pn/receipt',
    { schema: { body: receiptSchema } },
    ({ params, body }) => {
      const to = stage.account(body.to).jid(body.family ?? 'pn');
      stage.phone(params.pn).sendReceipt(to, body.ids, body.type === 'delivered' ? undefined : body.type);
      return { ids: body.ids };
    },
  );
  const query = strictObject({ account: pnSchema, peer: pnSchema, since: { type: 'integer' } }, ['account']);
  app.get<{ Querystring: { account: string; peer?: string; since?: number } }>(
    '/messages',
    { schema: { querystring: query } },
    ({ query: { account, peer, since = 0 } }) => {
      const { messages } = stage.phone(account).record;
      const isWanted = ({ from, to }: { from: string; to: string }) => !peer || from === peer || to === peer;
      return { items: messages.slice(since).filter(isWanted), next: messages.length };
    },
  );
  const statsQuery = strictObject({ account: pnSchema }, ['account']);
  app.get<{ Querystring: { account: string } }>(
    '/messages/stats',
    { schema: { querystring: statsQuery } },
    (request) => {
      const { record } = stage.phone(request.query.account);
      return { ...record.stats(), unreadable: record.unreadable.slice(-100) };
    },
  );
}

function send(stage: Stage, pn: string, order: SendOrder): string[] {
  const { to, text, textTemplate, id, count = 1, ratePerSec, family: wanted } = order;
  if ((text === undefined) === (textTemplate === undefined))
    throw new Problem(400, 'request.invalid', 'Give either "text" or "textTemplate".');
  if (id !== undefined && count > 1)
    throw new Problem(400, 'request.invalid', 'An id can only be given to one message.');
  const { seed } = stage.current;
  const [phone, target] = [stage.phone(pn), stage.account(to)];
  const ids = Array.from({ length: count }, () => id ?? seed.messageId());
  sendMany(ids, ratePerSec, async (messageId, n) => {
    const conversation = text ?? textTemplate?.replaceAll('{n}', String(n)) ?? '';
    await phone.send({ kind: 'person', account: target, family: wanted ?? 'pn' }, { conversation }, messageId);
  });
  return ids;
}
