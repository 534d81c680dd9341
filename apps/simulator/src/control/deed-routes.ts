import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { FastifyInstance } from 'fastify';
import type { Piece } from '../contacts/correspondence.js';
import { edit, eventAnswers, pin, reaction, respond, revoke, vote } from '../contacts/deeds.js';
import type { EventAnswer } from '../contacts/deeds.js';
import type { Phone } from '../contacts/phone.js';
import { Problem } from '../world/problem.js';
import { post } from './post.js';
import { line, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

/** What is done to an earlier message; which fields apply depends on the deed. */
interface Order {
  id: string;
  emoji?: string;
  text?: string;
  options?: string[];
  seconds?: number;
  answer?: EventAnswer;
}

/** One thing people do with a message: what is needed for it, and the message that does it. */
interface Deed {
  name: string;
  summary: string;
  fields: Record<string, object>;
  /** Only with messages the person wrote. */
  onlyOwn?: true;
  compose: (phone: Phone, piece: Piece, order: Order) => proto.IMessage;
}

const DAY = 86_400;
const now = (phone: Phone): number => phone.core.clock.now();
const keyOf = (phone: Phone, piece: Piece) => phone.correspondence.keyOf(piece);

const deeds: Deed[] = [
  {
    name: 'react',
    summary: 'React to a message; an empty emoji takes the reaction back',
    fields: { emoji: { type: 'string', maxLength: 32 } },
    compose: (phone, piece, { emoji = '' }) => reaction(keyOf(phone, piece), emoji, now(phone)),
  },
  {
    name: 'edit',
    summary: 'Change an own message',
    fields: { text: line },
    onlyOwn: true,
    compose: (phone, piece, { text: words = '' }) => edit(keyOf(phone, piece), words, now(phone)),
  },
  {
    name: 'revoke',
    summary: 'Delete an own message for everybody',
    fields: {},
    onlyOwn: true,
    compose: (phone, piece) => revoke(keyOf(phone, piece)),
  },
  {
    name: 'vote',
    summary: 'Vote in a poll; no options take the vote back',
    fields: { options: { type: 'array', items: line, uniqueItems: true } },
    compose: (phone, piece, { options = [] }) => vote(piece, phone.account, options, now(phone)),
  },
  {
    name: 'pin',
    summary: 'Pin a message in its chat for some seconds; 0 takes the pin away',
    fields: { seconds: { type: 'integer', minimum: 0, default: DAY } },
    compose: (phone, piece, { seconds = DAY }) => pin(keyOf(phone, piece), seconds, now(phone)),
  },
  {
    name: 'respond-event',
    summary: 'Answer the invitation to an event',
    fields: { answer: { enum: eventAnswers } },
    compose: (phone, piece, { answer = 'GOING' }) => respond(piece, phone.account, answer, now(phone)),
  },
];

/** What people do with messages they sent or received, under `/accounts/:pn/…`. */
export function deedRoutes(app: FastifyInstance, stage: Stage): void {
  for (const deed of deeds) {
    const { name, summary, fields } = deed;
    const required = ['id', ...Object.keys(fields).filter((field) => !('default' in (fields[field] ?? {})))];
    const schema = { summary, tags: ['messages'], body: strictObject({ id: line, ...fields }, required) };
    app.post<{ Params: { pn: string }; Body: Order }>(`/accounts/:pn/${name}`, { schema }, async (request, reply) => {
      const phone = stage.phone(request.params.pn);
      const id = await perform(phone, deed, request.body);
      return reply.status(202).send({ id });
    });
  }
}

async function perform(phone: Phone, { name, onlyOwn, compose }: Deed, order: Order): Promise<string> {
  const piece = phone.correspondence.find(order.id);
  if (onlyOwn && piece.from !== phone.account)
    throw new Problem(409, 'message.not-own', `Only the author can ${name} the message ${piece.id}.`);
  const id = phone.core.seed.messageId(phone.account.pn);
  await post(phone, piece.chat, compose(phone, piece, order), id);
  return id;
}
