import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { ADD_EVENTS } from '../../../libs/platform/src/events/outbox.queries.js';
import { SESSIONS } from '../options.js';
import { eachOf, until } from '../run/until.js';
import type { Usage } from '../run/usage.js';
import type { Bench, Figure, Round } from './figure.js';

type About = Pick<Figure, 'name' | 'title' | 'goal'>;

/** As many events in a transaction as messages that are stored together. */
const BATCH = 25;
const WRITERS = 8;
/** Of 100 000, on a machine that has other things to do. */
const MOST_MS = 200_000;
const MEGABYTE = 1024 * 1024;

/** Events written by the statement of the outbox, each batch in a transaction of its own; nobody is to get them. */
export async function measureAppend({ gateway, database, options }: Bench, about: About): Promise<Figure> {
  const { id } = await gateway.aTenant();
  const started = performance.now();
  await append(database.url, id, options.sizes.events);
  const value = (options.sizes.events / (performance.now() - started)) * 1000;
  return { ...about, unit: 'events/s', bare: [], gateway: [{ value, count: options.sizes.events }] };
}

/** The same for a webhook: from the first event until the receiver has all, written and delivered at the same time. */
export async function measureDeliver(bench: Bench, about: About): Promise<Figure> {
  const { gateway, receiver, options } = bench;
  const { id, token } = await gateway.aTenant();
  await gateway.addWebhook(token, receiver.url);
  await deliver(bench, id, 500);
  const before = await gateway.order<Usage>('settledUsage');
  const round = await deliver(bench, id, options.sizes.events);
  const after = await gateway.order<Usage>('settledUsage');
  const grownMb = (after.heapBytes - before.heapBytes) / MEGABYTE;
  const cpuMsPerEvent = (after.cpuMs - before.cpuMs) / options.sizes.events;
  return { ...about, unit: 'events/s', bare: [], gateway: [{ ...round, grownMb, cpuMsPerEvent }] };
}

async function deliver({ database, receiver }: Bench, tenantId: string, count: number): Promise<Round> {
  receiver.forget();
  const started = performance.now();
  await append(database.url, tenantId, count);
  const appendedMs = performance.now() - started;
  const all = () => (receiver.seen.size >= count ? true : null);
  await until(`${count} events at the receiver`, all, { timeoutMs: MOST_MS });
  const value = (count / (receiver.finishedAt - started)) * 1000;
  return { value, count, appendedMs, repeats: receiver.repeats };
}

/** Writes events as fast as the database takes them. */
export async function append(url: string, tenantId: string, count: number): Promise<void> {
  const pool = new Pool({ connectionString: url, max: WRITERS });
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, index) =>
    Array.from({ length: Math.min(BATCH, count - index * BATCH) }, (_, n) => event(tenantId, index * BATCH + n)),
  );
  // A single statement is a transaction of its own.
  await eachOf(batches, WRITERS, (batch) =>
    pool.query({ name: 'outbox.add', text: ADD_EVENTS, values: [JSON.stringify(batch)] }),
  );
  await pool.end();
}

/** An event as the outbox writes it; the message in it is called `messageId`. */
export function event(tenantId: string, number: number, messageId: string = randomUUID()): object {
  const sessionId = `ses_bench${number % SESSIONS}`;
  const sender = { waId: '12025550102', phone: '12025550102', lid: null, name: 'Bench' };
  const said = { type: 'text', text: `Event ${number}: how are you today?`, content: null, context: null };
  const message = { id: `msg_${number}`, messageId, chatId: sender.waId, sender, fromMe: false, ...said };
  const data = { message: { ...message, timestamp: '2026-01-31T12:00:00Z', status: 'delivered', origin: null } };
  return { id: `evt_${randomUUID()}`, tenantId, sessionId, type: 'message.received', data, traits: ['person'] };
}
