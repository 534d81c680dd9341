import type { Actor } from '@app/platform/auth/actor.js';
import type { EventEnvelope } from '@app/platform/events/envelope.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { newId } from '@app/platform/ids/id.js';
import { soon } from '@app/testing/expect-soon.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { useLocalReceiver, type ReceivedRequest } from '@app/testing/local-receiver.js';
import { useFeature } from '@app/testing/use-feature.js';
import { TargetsService } from '../destinations/targets.service.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { WebhooksService } from '../webhooks/webhooks.service.js';
import { DeliveriesModule } from './deliveries.module.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';

const config = { roles: ['jobs' as const], outboundAllow: ['127.0.0.0/8'], webhookTimeoutMs: 15_000 };
const EVENTS = 10_000;
const SESSIONS = 20;

describe('when a receiver fails', () => {
  const app = useFeature([DeliveriesModule, WebhooksModule], { config });
  const receiver = useLocalReceiver();

  const add = (events: NewEvent[]) => recordEvents(app, ...events);
  const qr = ({ tenantId }: Actor, sessionId: string) => qrEvent(tenantId, sessionId);
  const envelopes = (requests: ReceivedRequest[]) => requests.map(({ body }) => JSON.parse(body) as EventEnvelope);
  const count = async (where: string): Promise<number> => {
    const [row] = await app.db.query<{ count: number }[]>(`SELECT count(*)::int FROM deliveries WHERE ${where}`);
    return row?.count ?? 0;
  };
  const worker = () => app.get(DeliveryWorkerService);

  /** A minute goes by: whatever waits for a time waits a minute less. */
  const aMinutePasses = async () => {
    await app.db.query(`UPDATE delivery_lanes SET due_at = due_at - interval '1 minute' WHERE claimed_by IS NULL`);
    await app.db.query(`UPDATE destinations SET paused_until = paused_until - interval '1 minute',
      failing_since = failing_since - interval '1 minute'`);
    app.get(TargetsService).forget('');
    await worker().poll();
    await worker().settled();
  };

  it(`gets all of ${EVENTS} events after 30 minutes without, once and in order per session, and is not hammered meanwhile`, async () => {
    const actor = await app.aUser();
    await app.get(WebhooksService).create(actor, { url: receiver.url() });
    const sessions = Array.from({ length: SESSIONS }, () => newId('session'));
    await receiver.stop();
    for (let n = 0; n < EVENTS / 500; n++)
      await add(Array.from({ length: 500 }, (_, index) => qr(actor, sessions[index % SESSIONS]!)));
    for (let minute = 0; minute < 30; minute++) await aMinutePasses();
    expect(await count(`status = 'pending'`)).toBe(EVENTS);
    // One try a lane and a few of the whole destination afterwards, of the 240 that the lanes have in all.
    const [tries] = await app.db.query<{ sum: number }[]>('SELECT sum(attempts)::int FROM deliveries');
    expect(tries!.sum).toBeLessThan(SESSIONS * 8);

    await receiver.start();
    await soon(async () => {
      await aMinutePasses();
      expect(await count(`status = 'pending'`)).toBe(0);
    });
    expect(await count(`status = 'delivered'`)).toBe(EVENTS);
    const received = envelopes(receiver.requests);
    expect(new Set(received.map(({ id }) => id)).size).toBe(EVENTS);
    expect(received).toHaveLength(EVENTS);
    const inOrder = Array.from({ length: EVENTS / SESSIONS }, (_, index) => index + 1);
    for (const id of sessions)
      expect(received.filter(({ sessionId }) => sessionId === id).map(({ sequence }) => sequence)).toEqual(inOrder);
  });

  it('takes 10 seconds for each answer and holds up nobody else', async () => {
    const actor = await app.aUser();
    await app.get(WebhooksService).create(actor, { url: receiver.url('/slow') });
    await app.get(WebhooksService).create(actor, { url: receiver.url('/quick') });
    let answered = 0;
    const waiting = new Set<() => void>();
    receiver.answer((response, { path }) => {
      if (path !== '/slow') return void response.end();
      waiting.add(() => {
        answered += 1;
        response.end();
      });
    });
    const sessions = Array.from({ length: 100 }, () => newId('session'));
    for (let n = 0; n < 10; n++) await add(sessions.map((id) => qr(actor, id)));
    await receiver.received(1000, '/quick');
    // All of the quick one's have come before the slow one has answered anything, and it takes up its share of places alone.
    expect(answered).toBe(0);
    expect(waiting.size).toBeLessThanOrEqual(32);
    const slow = envelopes(receiver.requests.filter(({ path }) => path === '/slow'));
    expect(new Set(slow.map(({ sessionId }) => sessionId)).size).toBe(slow.length);
    await app.db.query('DELETE FROM deliveries');
    for (const answer of waiting) answer();
    await worker().settled();
  });
});
