import type { FastifyInstance } from 'fastify';
import type { PastMessage } from '../primary/chronicle.js';
import { chatSchema, disappearingSchema, flag, idSchema, line, pnSchema, seconds, strictObject } from './schemas.js';
import { addressBook } from './phone-routes.js';
import type { Stage } from './stage.js';

type Pn = { pn: string };

interface MessageOrder {
  text: string;
  id?: string;
  fromMe?: boolean;
  from?: string;
  /** Seconds since 1970. */
  at?: number;
}

interface ChatOrder {
  chat: string;
  name?: string;
  unread?: number;
  disappearingSeconds?: number;
  messages?: MessageOrder[];
  textTemplate?: string;
  count?: number;
  everySeconds?: number;
  until?: number;
  formerMembers?: { pn: string; leftAt: number; removed?: boolean }[];
}

const MAX_MESSAGES = 10_000;
const messageSchema = strictObject({ text: line, id: idSchema, fromMe: flag, from: pnSchema, at: seconds }, ['text']);
const memberSchema = strictObject({ pn: pnSchema, leftAt: seconds, removed: flag }, ['pn', 'leftAt']);
const chatOrderSchema = strictObject(
  {
    chat: chatSchema,
    name: line,
    unread: { type: 'integer', minimum: 0 },
    disappearingSeconds: disappearingSchema,
    messages: { type: 'array', items: messageSchema, maxItems: MAX_MESSAGES },
    textTemplate: line,
    count: { type: 'integer', minimum: 1, maximum: MAX_MESSAGES },
    everySeconds: { type: 'integer', minimum: 1 },
    until: seconds,
    formerMembers: { type: 'array', items: memberSchema },
  },
  ['chat'],
);
const seedSchema = strictObject({ chats: { type: 'array', items: chatOrderSchema, minItems: 1 } }, ['chats']);

/** The past of an account: what its phone remembers, and how to give it memories. */
export function historyRoutes(app: FastifyInstance, stage: Stage): void {
  const schema = { summary: 'Give the phone of an account chats of long ago', tags: ['history'], body: seedSchema };
  app.post<{ Params: Pn; Body: { chats: ChatOrder[] } }>('/accounts/:pn/history', { schema }, (request, reply) => {
    for (const order of request.body.chats) restore(stage, request.params.pn, order);
    return reply.status(201).send({ items: remembered(stage, request.params.pn) });
  });
  const shown = { summary: 'What the phone of an account remembers', tags: ['history'] };
  app.get<{ Params: Pn }>('/accounts/:pn/history', { schema: shown }, ({ params }) => ({
    items: remembered(stage, params.pn),
  }));
}

function restore(stage: Stage, pn: string, order: ChatOrder): void {
  const { past } = stage.phone(pn).linked;
  const jid = addressBook(stage).jid(order.chat);
  const { name, unread, disappearingSeconds, formerMembers = [] } = order;
  const messages = messagesOf(stage, jid, order);
  const chat = past.chat(jid);
  if (name !== undefined) chat.name = name;
  if (disappearingSeconds !== undefined) {
    chat.ephemeralSeconds = disappearingSeconds;
    chat.ephemeralSince = stage.current.clock.seconds();
  }
  for (const { pn: member, leftAt, removed = false } of formerMembers)
    chat.formerMembers.push({ jid: stage.account(member).jid('pn'), leftAt, wasRemoved: removed });
  past.restore(jid, messages);
  if (unread !== undefined) chat.unread = unread;
}

function messagesOf(stage: Stage, jid: string, order: ChatOrder): PastMessage[] {
  const { messages = [], count = 1, textTemplate, everySeconds = 60, until = stage.current.clock.seconds() } = order;
  const made = Array.from({ length: textTemplate ? count : 0 }, (_, position) => ({
    text: textTemplate?.replaceAll('{n}', String(position + 1)) ?? '',
    fromMe: position % 2 === 1,
  }));
  const all: MessageOrder[] = [...messages, ...made];
  return all.map((message, position) =>
    pastMessage(stage, jid, { at: until - (all.length - position) * everySeconds, ...message }),
  );
}

function pastMessage(stage: Stage, jid: string, order: MessageOrder & { at: number }): PastMessage {
  const { text, id = stage.current.seed.messageId(`past of ${jid}`), fromMe = false, from, at } = order;
  const message = { conversation: text };
  const key = { remoteJid: jid, fromMe, id };
  if (fromMe) return { key, message, messageTimestamp: at, status: 4 };
  const author = from === undefined ? stage.current.directory.findByJid(jid) : stage.account(from);
  const participant = from === undefined ? undefined : author?.jid('pn');
  return { key: { ...key, participant }, participant, message, messageTimestamp: at, pushName: author?.name };
}

function remembered(stage: Stage, pn: string) {
  return stage.phone(pn).linked.past.chats.map(({ jid, name, unread, messages, ephemeralSeconds }) => ({
    chat: jid,
    name: name ?? null,
    unread,
    disappearingSeconds: ephemeralSeconds,
    messages: messages.length,
    newestId: messages.at(-1)?.key.id ?? null,
    oldestId: messages[0]?.key.id ?? null,
  }));
}
