import { Delivery } from '@app/database/entities/delivery.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import type { EventEnvelope } from '@app/platform/events/envelope.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { encodeCursor } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { soon } from '@app/testing/expect-soon.js';
import { useFeature } from '@app/testing/use-feature.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { useLocalReceiver, type ReceivedRequest } from '@app/testing/local-receiver.js';
import { Webhook } from 'standardwebhooks';
import { WebhooksService, type WebhookInput } from '../webhooks/webhooks.service.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { DeliveriesModule } from './deliveries.module.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';
import { RetryPolicy } from './retry-policy.js';

const HOUR_MS = 3_600_000;
const config = { roles: ['jobs' as const], outboundAllow: ['127.0.0.0/8'] };
/** Three attempts, an hour between them: a test moves the due time. */
const retries = { maxAttempts: 3, delayMs: (attempts: number) => (attempts >= 3 ? null : HOUR_MS) };

describe('deliveries', () => {
  const app = useFeature([DeliveriesModule, WebhooksModule], {
    config,
    providers: [{ provide: RetryPolicy, useValue: retries }],
  });
  const receiver = useLocalReceiver();

  const add = (...events: NewEvent[]) => recordEvents(app, ...events);
  const aWebhook = (actor: Actor, settings: WebhookInput = {}) =>
    app.get(WebhooksService).create(actor, { url: receiver.url(), ...settings });
  const log = async (actor: Actor, destinationId?: string) =>
    (await app.get(DeliveriesService).list(actor, { destinationId, limit: 100 })).items.reverse();
  const envelopes = (requests: ReceivedRequest[]) => requests.map(({ body }) => JSON.parse(body) as EventEnvelope);
  /** Moves the next attempt to now, once the worker has put the lane off. */
  const makeDue = async ({ tenantId }: Actor) => {
    await soon(async () => {
      const claimed = 'SELECT FROM delivery_lanes WHERE tenant_id = $1 AND claimed_by IS NOT NULL';
      expect(await app.db.query(claimed, [tenantId])).toHaveLength(0);
    });
    await app.db.query('UPDATE delivery_lanes SET due_at = now() WHERE tenant_id = $1', [tenantId]);
    await app.get(DeliveryWorkerService).poll();
  };

  const timeOutAfter = (webhookTimeoutMs: number) => Object.assign(app.get(Config), { webhookTimeoutMs });

  it('posts the signed envelope of the event', async () => {
    const actor = await app.aUser();
    const { secret } = await aWebhook(actor);
    const sessionId = newId('session');
    const [id] = await add(qrEvent(actor.tenantId, sessionId, 'umlaut ü, quote ", 😀'));
    const [request] = await receiver.received(1);
    const envelope = new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>);
    expect(envelope).toEqual({
      id,
      type: 'session.qr',
      tenantId: actor.tenantId,
      sessionId,
      sequence: 1,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      data: { qr: 'umlaut ü, quote ", 😀', expiresAt: '2030-01-31T12:00:00Z' },
    });
    expect(request!.headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json' });
    await soon(async () =>
      expect(await log(actor)).toMatchObject([{ status: 'delivered', attempts: 1, responseStatus: 204, eventId: id }]),
    );
  });

  it('keeps the order of each session over many transactions', async () => {
    const actor = await app.aUser();
    await aWebhook(actor);
    const sessions = [newId('session'), newId('session'), newId('session')];
    for (let round = 0; round < 30; round++) await add(...sessions.map((id) => qrEvent(actor.tenantId, id)));
    const received = envelopes(await receiver.received(90));
    for (const id of sessions) {
      const sequences = received.filter(({ sessionId }) => sessionId === id).map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    }
  });

  it('works a lane once at a time, however many notifications come for it', async () => {
    const actor = await app.aUser();
    const { webhook } = await aWebhook(actor);
    const sessions = Array.from({ length: 10 }, () => newId('session'));
    await Promise.all(Array.from({ length: 20 }, () => add(...sessions.map((id) => qrEvent(actor.tenantId, id)))));
    await soon(async () => {
      const waiting = { destinationId: webhook.id, status: 'pending' as const };
      expect(await app.db.getRepository(Delivery).countBy(waiting)).toBe(0);
    });
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('sends a webhook only what it asked for', async () => {
    const actor = await app.aUser();
    const [picked, other] = [await app.aSession(actor.tenantId), await app.aSession(actor.tenantId)];
    await aWebhook(actor, { url: receiver.url('/messages'), types: ['message.*'] });
    await aWebhook(actor, { url: receiver.url('/one'), sessionIds: [picked.id], types: ['session.*'] });
    await aWebhook(actor, { url: receiver.url('/all') });
    await add(qrEvent(actor.tenantId, picked.id), qrEvent(actor.tenantId, other.id));
    await receiver.received(2, '/all');
    expect(envelopes(await receiver.received(1, '/one')).map(({ sessionId }) => sessionId)).toEqual([picked.id]);
    expect(receiver.requests.filter(({ path }) => path === '/messages')).toEqual([]);
  });

  it('keeps tenants apart', async () => {
    const [mine, theirs] = [await app.aUser(), await app.aUser()];
    await aWebhook(mine, { url: receiver.url('/mine') });
    const { webhook } = await aWebhook(theirs, { url: receiver.url('/theirs') });
    await add(qrEvent(mine.tenantId, 'ses_mine'), qrEvent(theirs.tenantId, 'ses_theirs'));
    const received = [...(await receiver.received(1, '/mine')), ...(await receiver.received(1, '/theirs'))];
    expect(envelopes(received).map(({ tenantId }) => tenantId)).toEqual([mine.tenantId, theirs.tenantId]);
    expect(await log(mine)).toHaveLength(1);
    await expect(log(mine, webhook.id)).rejects.toMatchObject({ code: 'webhook.not-found' });
  });

  it('sends a test event to the one webhook, past its filters', async () => {
    const actor = await app.aUser();
    const { webhook } = await aWebhook(actor, { types: ['message.*'] });
    await aWebhook(actor, { url: receiver.url('/other') });
    const id = await app.get(WebhooksService).test(actor, webhook.id);
    expect(envelopes(await receiver.received(1))).toMatchObject([{ id, type: 'test' }]);
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([
    ['an error', 500, 500, 'The answer was 500.'],
    ['a redirect', 302, 302, 'The answer was 302.'],
    ['no answer in time', () => {}, null, 'There was no answer within 1 s.'],
  ])(
    'tries again when due after %s, and holds the lane until then',
    async (_title, answer, responseStatus, lastError) => {
      const actor = await app.aUser();
      await aWebhook(actor);
      if (responseStatus === null) timeOutAfter(1000);
      receiver.answer(answer);
      await add(qrEvent(actor.tenantId, 'ses_a', 'first'), qrEvent(actor.tenantId, 'ses_a', 'second'));
      await soon(async () =>
        expect(await log(actor)).toMatchObject([
          { status: 'pending', attempts: 1, responseStatus, lastError, finishedAt: null },
          { status: 'pending', attempts: 0 },
        ]),
      );
      await app.get(DeliveryWorkerService).poll();
      expect(receiver.requests).toHaveLength(1);
      receiver.answer();
      timeOutAfter(15_000);
      await makeDue(actor);
      const ids = (await receiver.received(3)).map(({ headers }) => headers['webhook-id']);
      expect(ids[0]).toBe(ids[1]);
      await soon(async () =>
        expect(await log(actor)).toMatchObject([
          { status: 'delivered', attempts: 2, lastError: null },
          { status: 'delivered', attempts: 1 },
        ]),
      );
    },
  );

  it('delivers what a receiver missed while it was down', async () => {
    const actor = await app.aUser();
    await aWebhook(actor);
    await receiver.stop();
    await add(qrEvent(actor.tenantId, 'ses_a'));
    await soon(async () =>
      expect(await log(actor)).toMatchObject([{ attempts: 1, lastError: 'The connection was refused.' }]),
    );
    await receiver.start();
    await makeDue(actor);
    await receiver.received(1);
  });

  it('gives a delivery up after the last attempt and goes on with the next', async () => {
    const actor = await app.aUser();
    const { webhook } = await aWebhook(actor);
    receiver.answer((response, { body }) => void response.writeHead(body.includes('bad') ? 500 : 204).end());
    await add(qrEvent(actor.tenantId, 'ses_a', 'bad'), qrEvent(actor.tenantId, 'ses_a', 'good'));
    for (const attempts of [1, 2]) {
      await soon(async () => expect((await log(actor))[0]).toMatchObject({ attempts, status: 'pending' }));
      await makeDue(actor);
    }
    await soon(async () =>
      expect(await log(actor, webhook.id)).toMatchObject([
        { status: 'dead', attempts: 3, finishedAt: expect.any(Date) as Date },
        { status: 'delivered' },
      ]),
    );
  });

  it('lets a slow destination hold up nobody else', async () => {
    const actor = await app.aUser();
    await aWebhook(actor, { url: receiver.url('/slow') });
    await aWebhook(actor, { url: receiver.url('/quick') });
    const slow: (() => void)[] = [];
    receiver.answer((response, { path }) => {
      if (path === '/slow') slow.push(() => response.end());
      else response.end();
    });
    const sessions = Array.from({ length: 50 }, () => newId('session'));
    await add(...sessions.map((id) => qrEvent(actor.tenantId, id)));
    await receiver.received(50, '/quick');
    expect(receiver.requests.filter(({ path }) => path === '/slow').length).toBeLessThanOrEqual(32);
    receiver.answer();
    for (const finish of slow) finish();
  });

  it('works through more lanes than it holds at once', async () => {
    const actor = await app.aUser();
    await aWebhook(actor);
    await add(...Array.from({ length: 300 }, () => qrEvent(actor.tenantId, newId('session'))));
    await receiver.received(300);
  });

  it('keeps what a disabled webhook has not got, and delivers it when it is enabled again', async () => {
    const actor = await app.aUser();
    const { webhook } = await aWebhook(actor);
    receiver.answer(500);
    await add(qrEvent(actor.tenantId, 'ses_a'));
    await soon(async () => expect((await log(actor))[0]).toMatchObject({ attempts: 1 }));
    await app.get(WebhooksService).update(actor, webhook.id, { isEnabled: false });
    receiver.answer();
    await makeDue(actor);
    await add(qrEvent(actor.tenantId, 'ses_a'));
    expect(receiver.requests).toHaveLength(1);
    await app.get(WebhooksService).update(actor, webhook.id, { isEnabled: true });
    await receiver.received(2);
  });

  it('uses a changed URL at once', async () => {
    const actor = await app.aUser();
    const { webhook } = await aWebhook(actor);
    await add(qrEvent(actor.tenantId, 'ses_a'));
    await receiver.received(1);
    await app.get(WebhooksService).update(actor, webhook.id, { url: receiver.url('/new') });
    await soon(async () => {
      await add(qrEvent(actor.tenantId, 'ses_a'));
      expect(receiver.requests.filter(({ path }) => path === '/new').length).toBeGreaterThan(0);
    });
  });

  /** A lane with a delivery, claimed for an hour by another process. */
  const aLaneClaimedBy = async (processId: string) => {
    const actor = await app.aUser();
    const { webhook } = await aWebhook(actor);
    await app.db.transaction(async (tx) => {
      await app.get(Outbox).add(tx, [qrEvent(actor.tenantId, 'ses_a')]);
      await tx.query(
        `UPDATE delivery_lanes SET claimed_by = $1, claimed_until = now() + interval '1 hour' WHERE destination_id = $2`,
        [processId, webhook.id],
      );
    });
  };

  it('takes over the lanes of a process that is gone, without waiting for its claims to end', async () => {
    await aLaneClaimedBy('prc_gone');
    await app.get(DeliveryWorkerService).poll();
    await receiver.received(1);
  });

  it('leaves the lanes of a living process alone until its claims run out', async () => {
    const other = new ProcessPresence(app.get(Config));
    await other.announce();
    await aLaneClaimedBy(other.id);
    await app.get(DeliveryWorkerService).poll();
    expect(receiver.requests).toEqual([]);
    await app.db.query('UPDATE delivery_lanes SET claimed_until = now() WHERE claimed_by = $1', [other.id]);
    await app.get(DeliveryWorkerService).poll();
    await receiver.received(1);
    await other.onApplicationShutdown();
  });

  it('hears of events again after it lost its connection', async () => {
    const actor = await app.aUser();
    await aWebhook(actor);
    await app.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND datname = current_database()`,
      [app.get(ProcessPresence).id],
    );
    await add(qrEvent(actor.tenantId, 'ses_a'));
    await receiver.received(1);
  });

  it('pages through the delivery log, the newest first, by status', async () => {
    const actor = await app.aUser();
    await aWebhook(actor);
    await add(qrEvent(actor.tenantId, 'ses_a'), qrEvent(actor.tenantId, 'ses_b'), qrEvent(actor.tenantId, 'ses_c'));
    await soon(async () =>
      expect(await app.db.getRepository(Delivery).countBy({ tenantId: actor.tenantId, status: 'delivered' })).toBe(3),
    );
    const list = (filter: object) => app.get(DeliveriesService).list(actor, { limit: 2, ...filter });
    const first = await list({ status: 'delivered' });
    const second = await list({ status: 'delivered', cursor: first.nextCursor! });
    const sessions = [...first.items, ...second.items].map(({ sessionId }) => sessionId);
    expect(sessions).toEqual(['ses_c', 'ses_b', 'ses_a']);
    expect((await list({ status: 'dead' })).items).toEqual([]);
  });

  it.each(['x', '-1', '9'.repeat(19)])('refuses a cursor made of %s', async (key) => {
    const listed = app.get(DeliveriesService).list(await app.aUser(), { limit: 2, cursor: encodeCursor(key) });
    await expect(listed).rejects.toMatchObject({ code: 'cursor.invalid' });
  });
});

describe('a delivery worker that is told to stop', () => {
  const app = useFeature([DeliveriesModule, WebhooksModule], { config });
  const receiver = useLocalReceiver();

  it('finishes what is on its way, writes it down and gives its lanes back', async () => {
    const actor = await app.aUser();
    await app.get(WebhooksService).create(actor, { url: receiver.url() });
    let finish = () => {};
    receiver.answer((response) => (finish = () => void response.end()));
    const event = qrEvent(actor.tenantId, 'ses_a', '');
    await recordEvents(app, event, event);
    await receiver.received(1);
    const stopped = app.get(DeliveryWorkerService).beforeApplicationShutdown();
    finish();
    await stopped;
    const statuses: unknown = await app.db.query('SELECT status FROM deliveries ORDER BY id');
    expect(statuses).toEqual([{ status: 'delivered' }, { status: 'pending' }]);
    expect(await app.db.query('SELECT claimed_by FROM delivery_lanes')).toEqual([{ claimed_by: null }]);
  });
});

describe('RetryPolicy', () => {
  it('spreads twelve attempts over about a day', () => {
    const policy = new RetryPolicy();
    const totals = Array.from({ length: 200 }, () => {
      const delays = Array.from({ length: 11 }, (_, index) => policy.delayMs(index + 1) ?? 0);
      return delays.reduce((sum, delay) => sum + delay, 0);
    });
    const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
    expect(mean / HOUR_MS).toBeGreaterThan(18);
    expect(mean / HOUR_MS).toBeLessThan(26);
    expect(policy.delayMs(12)).toBeNull();
  });
});
