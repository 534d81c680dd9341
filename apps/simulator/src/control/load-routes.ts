import type { FastifyInstance } from 'fastify';
import type { Phone } from '../contacts/phone.js';
import type { Load } from '../load/load.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

interface LoadRequest {
  from: string[];
  to: string[];
  count: number;
  ratePerSec?: number;
  window?: number;
  texts?: string[];
}

const TEXTS = [
  'Hello, are you there?',
  'The parcel will arrive tomorrow between nine and eleven.',
  'Thank you, I have got it. How are you today? I hope all is well.',
  'Yes.',
];

const numbers = { type: 'array', items: pnSchema, minItems: 1, maxItems: 20_000 };
const loadSchema = strictObject(
  {
    from: numbers,
    to: numbers,
    count: { type: 'integer', minimum: 1, maximum: 10_000_000 },
    ratePerSec: { type: 'number', exclusiveMinimum: 0 },
    window: { type: 'integer', minimum: 1, maximum: 10_000 },
    texts: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 4_096 }, minItems: 1, maxItems: 1_000 },
  },
  ['from', 'to', 'count'],
);
const tags = ['load'];

/** Streams of messages to linked clients, for measuring them. */
export function loadRoutes(app: FastifyInstance, stage: Stage): void {
  const start = { body: loadSchema, tags, summary: 'Let people who never read send to linked clients' };
  app.post<{ Body: LoadRequest }>('/load', { schema: start }, ({ body }, reply) => {
    const { from, to, count, ratePerSec, window = 64, texts = TEXTS } = body;
    const order = { from: from.map((pn) => source(stage, pn)), to: to.map((pn) => target(stage, pn)) };
    const load = stage.current.loads.start({ ...order, count, ratePerSec, window, texts });
    return reply.status(201).send(load.describe());
  });
  const list = { tags, summary: 'All streams, running and past' };
  app.get('/load', { schema: list }, () => ({ items: stage.current.loads.list().map((load) => load.describe()) }));
  const look = { tags, summary: 'How far a stream has come' };
  app.get<{ Params: { id: string } }>('/load/:id', { schema: look }, ({ params }) => find(stage, params.id).describe());
  const stop = { tags, summary: 'Stop a stream' };
  app.delete<{ Params: { id: string } }>('/load/:id', { schema: stop }, ({ params }, reply) => {
    find(stage, params.id).stop();
    return reply.status(204).send();
  });
}

/** Only people who confirm without reading can be sources: what they send is outside of their phones' sessions. */
function source(stage: Stage, pn: string): Phone {
  const phone = stage.phone(pn);
  if (phone.manners.behaviour !== 'sink')
    throw new Problem(409, 'load.reader', `${pn} is not a "sink"; nobody else can be a source of load.`);
  return phone;
}

/** Without a linked client there is nobody to take what is sent. */
function target(stage: Stage, pn: string): Account {
  const account = stage.account(pn);
  if (![...account.devices.values()].some((device) => device instanceof Companion))
    throw new Problem(409, 'load.no-client', `${pn} has no linked client.`);
  return account;
}

function find(stage: Stage, id: string): Load {
  const load = stage.current.loads.find(id);
  if (!load) throw new Problem(404, 'load.unknown', `There is no load ${id}.`);
  return load;
}
