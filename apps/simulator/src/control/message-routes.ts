import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { FastifyInstance } from 'fastify';
import { quote } from '../contacts/deeds.js';
import type { Phone } from '../contacts/phone.js';
import type { Family } from '../wire/jid.js';
import { Problem } from '../world/problem.js';
import { chatOf, destinationOf, receiptAddress } from './destination.js';
import type { Receipted } from './destination.js';
import { familySchema, flag, idSchema, line, pnSchema, recipientSchema, strictObject } from './schemas.js';
import { messageFromJson, messageToJson } from './message-json.js';
import type { Stage } from './stage.js';
import { post } from './post.js';
import { sendMany } from './send-many.js';

type Pn = { pn: string };

interface SendOrder {
  to: string;
  text?: string;
  textTemplate?: string;
  message?: Record<string, unknown>;
  quoted?: string;
  id?: string;
  count?: number;
  ratePerSec?: number;
  family?: Family;
  viewers?: string[];
}

const sendSchema = strictObject(
  {
    to: recipientSchema,
    text: line,
    textTemplate: line,
    message: { type: 'object' },
    quoted: idSchema,
    id: idSchema,
    count: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    ratePerSec: { type: 'number', exclusiveMinimum: 0 },
    family: familySchema,
    viewers: { type: 'array', items: pnSchema },
  },
  ['to'],
);
const receiptSchema = strictObject(
  {
    to: recipientSchema,
    author: pnSchema,
    ids: { type: 'array', items: idSchema, minItems: 1 },
    type: { enum: ['delivered', 'read', 'played'] },
    family: familySchema,
  },
  ['to', 'ids', 'type'],
);

const tags = ['messages'];
const listSchema = strictObject(
  {
    account: pnSchema,
    device: { type: 'integer', minimum: 0 },
    peer: recipientSchema,
    since: { type: 'integer', minimum: 0 },
    limit: { type: 'integer', minimum: 1, maximum: 10_000 },
    full: flag,
  },
  ['account'],
);

/** Which messages to show. */
interface ListQuery {
  account: string;
  device?: number;
  peer?: string;
  /** The number of the first message wanted: `next` of an earlier answer. */
  since?: number;
  limit?: number;
  full?: boolean;
}

/** What people say to each other, and what they have seen. */
export function messageRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Params: Pn; Body: SendOrder }>(
    '/accounts/:pn/send',
    { schema: { summary: 'Send messages', tags, body: sendSchema } },
    async (request, reply) => reply.status(202).send({ ids: await send(stage, request.params.pn, request.body) }),
  );
  app.post<{ Params: Pn; Body: Receipted & { ids: string[]; type: string } }>(
    '/accounts/:pn/receipt',
    { schema: { summary: 'Confirm messages by hand', tags, body: receiptSchema } },
    ({ params, body }) => {
      const [to, participant] = receiptAddress(stage, body);
      const type = body.type === 'delivered' ? undefined : body.type;
      stage.phone(params.pn).sendReceipt(to, body.ids, type, participant);
      return { ids: body.ids };
    },
  );
  app.get<{ Querystring: ListQuery }>(
    '/messages',
    { schema: { summary: 'What a person has seen', tags, querystring: listSchema } },
    (request) => list(stage, request.query),
  );
  const statsQuery = strictObject({ account: pnSchema }, ['account']);
  app.get<{ Querystring: { account: string } }>(
    '/messages/stats',
    { schema: { summary: 'What a person has counted', tags, querystring: statsQuery } },
    (request) => stage.phone(request.query.account).record.stats(),
  );
}

function list(stage: Stage, { account, device = 0, peer, since = 0, limit = Infinity, full = false }: ListQuery) {
  const { record, correspondence } = stage.phone(account, device);
  const chat = peer === undefined ? undefined : chatOf(peer);
  const isWanted = ({ from, to }: { from: string; to: string }) => !chat || from === chat || to === chat;
  const found = [...record.messages.from(since)].filter(([, message]) => isWanted(message));
  const items = found.slice(0, limit).map(([, message]) => message);
  const next = found[limit]?.[0] ?? record.messages.count;
  if (!full) return { items, next };
  // Only the last ones are kept whole.
  const whole = (id: string) => correspondence.recall(id)?.message;
  return { items: items.map((item) => ({ ...item, message: jsonOf(whole(item.id)) })), next };
}

function jsonOf(message: proto.IMessage | undefined): Record<string, unknown> | null {
  return message ? messageToJson(message) : null;
}

/** A single message is waited for; many, or those at a rate, go out on their own. */
async function send(stage: Stage, pn: string, order: SendOrder): Promise<string[]> {
  const { to, id, count = 1, ratePerSec, family, viewers } = order;
  if (id !== undefined && count > 1)
    throw new Problem(400, 'request.invalid', 'An id can only be given to one message.');
  const { seed, core } = stage.current;
  const phone = stage.phone(pn);
  const compose = composer(phone, order);
  const ids = Array.from({ length: count }, () => id ?? seed.messageId(pn));
  const chat = destinationOf(stage, phone, { to, family, viewers });
  const isSingle = count === 1 && ratePerSec === undefined;
  if (isSingle) for (const single of ids) await post(phone, chat, compose(1), single);
  else sendMany(core, ids, ratePerSec, async (next, n) => void (await phone.send(chat, compose(n), next)));
  return ids;
}

/** What the n-th message of an order is. */
function composer(phone: Phone, { text, textTemplate, message, quoted }: SendOrder): (n: number) => proto.IMessage {
  if ([text, textTemplate, message].filter((given) => given !== undefined).length !== 1)
    throw new Problem(400, 'request.invalid', 'Give one of "text", "textTemplate" and "message".');
  if (message) {
    const whole = messageFromJson(message);
    return () => whole;
  }
  const words = (n: number) => text ?? textTemplate?.replaceAll('{n}', String(n)) ?? '';
  if (quoted === undefined) return (n) => ({ conversation: words(n) });
  const contextInfo = quote(phone.correspondence.find(quoted));
  return (n) => ({ extendedTextMessage: { text: words(n), contextInfo } });
}
