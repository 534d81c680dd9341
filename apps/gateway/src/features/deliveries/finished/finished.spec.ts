import type { Actor } from '@app/platform/auth/actor.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { newId } from '@app/platform/ids/id.js';
import { soon } from '@app/testing/expect-soon.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { useLocalReceiver } from '@app/testing/local-receiver.js';
import { useFeature } from '@app/testing/use-feature.js';
import { WebhooksModule } from '../../webhooks/webhooks.module.js';
import { WebhooksService, type WebhookInput } from '../../webhooks/webhooks.service.js';
import { DeliveriesModule } from '../deliveries.module.js';
import { DeliveriesService } from '../deliveries.service.js';
import type { DeliveryFilter } from '../log/delivery-selection.js';
import { ReplayRunner } from '../replays/replay-runner.service.js';
import { ReplaysService } from '../replays/replays.service.js';
import { RetryPolicy } from '../retry-policy.js';
import { FinishedService } from './finished.service.js';

/** What fails once is dead. */
const retries = { maxAttempts: 1, delayMs: () => null };
const config = {
  roles: ['jobs' as const],
  outboundAllow: ['127.0.0.0/8'],
  replayConfirmAbove: 10,
  replayMost: 1200,
};

describe('finished deliveries', () => {
  const app = useFeature([DeliveriesModule, WebhooksModule], {
    config,
    providers: [{ provide: RetryPolicy, useValue: retries }],
  });
  const receiver = useLocalReceiver();

  const finished = () => app.get(FinishedService);
  const replays = () => app.get(ReplaysService);
  const add = (...events: NewEvent[]) => recordEvents(app, ...events);
  const qr = ({ tenantId }: Actor, sessionId = 'ses_a') => qrEvent(tenantId, sessionId);
  const aWebhook = async (actor: Actor, settings: WebhookInput = {}) =>
    (await app.get(WebhooksService).create(actor, { url: receiver.url(), ...settings })).webhook.id;
  const list = async (actor: Actor | 'admin', filter: DeliveryFilter = {}) =>
    (await finished().list(actor, 'dead-letter', { limit: 100, ...filter })).items;
  const pending = ({ tenantId }: Actor) =>
    app.db.query<object[]>(`SELECT id FROM deliveries WHERE tenant_id = $1 AND status = 'pending'`, [tenantId]);
  const settled = (actor: Actor) => soon(async () => expect(await pending(actor)).toEqual([]));

  /** A tenant with a webhook and that many dead letters, of two sessions in turn; the receiver takes everything afterwards. */
  const deadLetters = async (count: number) => {
    const actor = await app.aUser();
    const webhook = await aWebhook(actor);
    const sessions = [newId('session'), newId('session')] as const;
    receiver.answer(500);
    await add(...Array.from({ length: count }, (_, n) => qr(actor, sessions[n % 2])));
    await soon(async () => expect(await list(actor)).toHaveLength(Math.min(count, 100)));
    await settled(actor);
    receiver.answer();
    receiver.requests.length = 0;
    // It would be paused after so many failures.
    await app.get(WebhooksService).update(actor, webhook, { isEnabled: true });
    return { actor, webhook, sessions };
  };
  const sequences = (sessionId: string) =>
    receiver.requests
      .map(({ body }) => JSON.parse(body) as { sessionId: string; sequence: number })
      .filter((event) => event.sessionId === sessionId)
      .map(({ sequence }) => sequence);

  it('tells of a dead letter what was tried and what it carries', async () => {
    const { actor } = await deadLetters(1);
    const [letter] = await list(actor);
    expect(letter).toMatchObject({ status: 'dead', attempts: 1, type: 'session.qr', responseStatus: 500, replays: 0 });
    const { delivery, event } = await finished().getWithEvent(actor, 'dead-letter', letter!.id);
    expect(delivery.failures).toMatchObject([{ responseStatus: 500, error: 'The answer was 500.' }]);
    expect(event).toMatchObject({ id: letter!.eventId, data: { qr: 'x' } });
  });

  it('is found by destination, type, group, session, event and time', async () => {
    const { actor, webhook, sessions } = await deadLetters(3);
    const [newest] = await list(actor);
    const hour = new Date(Date.now() + 3_600_000);
    const count = async (filter: DeliveryFilter) => (await list(actor, filter)).length;
    expect(await count({ destinationId: webhook })).toBe(3);
    expect(await count({ kind: 'rabbitmq' })).toBe(0);
    expect(await count({ type: 'session.*', kind: 'webhook' })).toBe(3);
    expect(await count({ type: 'message.received' })).toBe(0);
    expect(await count({ sessionId: sessions[0] })).toBe(2);
    expect(await count({ eventId: newest!.eventId })).toBe(1);
    expect(await count({ from: new Date(Date.now() - 3_600_000), to: hour })).toBe(3);
    expect(await count({ from: hour })).toBe(0);
    await expect(list(actor, { type: 'message.eaten' })).rejects.toMatchObject({ code: 'event.unknown-type' });
    await expect(list(actor, { ids: ['1 OR true'] })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('is sent again once, in the order it had per session, and counts it', async () => {
    const { actor, sessions } = await deadLetters(10);
    const state = await finished().replayMany(actor, 'dead-letter', { type: 'session.qr' }, {});
    expect(state).toMatchObject({ total: 10, queued: 10, finishedAt: expect.any(Date) as Date });
    await receiver.received(10);
    await settled(actor);
    for (const id of sessions) expect(sequences(id)).toEqual([1, 2, 3, 4, 5]);
    const letters = await list(actor);
    expect(letters).toHaveLength(10);
    for (const { replays, lastReplayAt } of letters) expect([replays, lastReplayAt !== null]).toEqual([1, true]);
    const archived = (await finished().list(actor, 'archive', { limit: 100, status: 'delivered' })).items;
    expect(archived.map(({ replayOf }) => replayOf).sort()).toEqual(letters.map(({ id }) => id).sort());
  });

  it('is only counted by a dry run', async () => {
    const { actor } = await deadLetters(3);
    const [letter] = await list(actor);
    const dryRun = { dryRun: true };
    const state = await finished().replayOne(actor, 'dead-letter', letter!.id, dryRun);
    expect(state).toMatchObject({ id: null, total: 1, queued: 0 });
    const removal = await finished().removeMany(actor, 'dead-letter', { type: 'session.*' }, dryRun);
    expect(removal).toEqual({ matched: 3, deleted: 0, hasMore: false });
    expect([(await list(actor)).length, await pending(actor)]).toEqual([3, []]);
  });

  it('makes room for its replay when asked to', async () => {
    const { actor } = await deadLetters(2);
    const [letter] = await list(actor);
    await finished().replayOne(actor, 'dead-letter', letter!.id, { removeAfter: true });
    const [request] = await receiver.received(1);
    expect(request!.headers['webhook-id']).toBe(letter!.eventId);
    expect((await list(actor)).map(({ id }) => id)).not.toContain(letter!.id);
  });

  it('is not replayed twice at once', async () => {
    const { actor } = await deadLetters(1);
    const [letter] = await list(actor);
    let finish = () => {};
    receiver.answer((response) => (finish = () => void response.end()));
    await finished().replayOne(actor, 'dead-letter', letter!.id, {});
    const again = finished().replayOne(actor, 'dead-letter', letter!.id, {});
    await expect(again).rejects.toMatchObject({ code: 'replay.under-way' });
    expect(await finished().replayMany(actor, 'dead-letter', { ids: [letter!.id] }, {})).toMatchObject({ total: 0 });
    await receiver.received(1);
    finish();
    await settled(actor);
  });

  it('goes to another destination of the tenant, and to nobody else’s', async () => {
    const { actor } = await deadLetters(1);
    const [letter] = await list(actor);
    const other = await aWebhook(actor, { url: receiver.url('/other') });
    const foreign = await aWebhook(await app.aUser());
    await finished().replayOne(actor, 'dead-letter', letter!.id, { destinationId: other });
    await receiver.received(1, '/other');
    const away = finished().replayOne(actor, 'dead-letter', letter!.id, { destinationId: foreign });
    await expect(away).rejects.toMatchObject({ code: 'webhook.not-found' });
    const byOperator = finished().replayMany('admin', 'dead-letter', { ids: [letter!.id] }, { destinationId: foreign });
    expect(await byOperator).toMatchObject({ total: 0, queued: 0 });
  });

  it('is refused by a disabled destination', async () => {
    const { actor, webhook } = await deadLetters(1);
    const [letter] = await list(actor);
    await app.get(WebhooksService).update(actor, webhook, { isEnabled: false });
    const disabled = { code: 'webhook.disabled' };
    await expect(finished().replayOne(actor, 'dead-letter', letter!.id, {})).rejects.toMatchObject(disabled);
    const many = finished().replayMany(actor, 'dead-letter', { type: '*' }, { destinationId: webhook });
    await expect(many).rejects.toMatchObject(disabled);
    expect(await finished().replayMany(actor, 'dead-letter', { type: '*' }, {})).toMatchObject({ total: 0 });
  });

  it('is deleted alone, or by filter when that is confirmed', async () => {
    const { actor, sessions } = await deadLetters(4);
    const [letter] = await list(actor);
    await finished().remove(actor, 'dead-letter', letter!.id);
    const again = finished().remove(actor, 'dead-letter', letter!.id);
    await expect(again).rejects.toMatchObject({ code: 'dead-letter.not-found' });
    const remove = (filter: DeliveryFilter, options = {}) =>
      finished().removeMany(actor, 'dead-letter', filter, options);
    await expect(remove({})).rejects.toMatchObject({ code: 'delivery.no-filter' });
    await expect(remove({ sessionId: sessions[0] })).rejects.toMatchObject({ code: 'delivery.unconfirmed' });
    expect(await list(actor)).toHaveLength(3);
    const removal = await remove({ sessionId: sessions[0] }, { confirm: true });
    expect(removal).toEqual({ matched: 2, deleted: 2, hasMore: false });
    expect(await list(actor)).toHaveLength(1);
  });

  it('is pruned by age', async () => {
    const { actor } = await deadLetters(2);
    const other = await deadLetters(1);
    expect(await finished().prune(actor, 'archive')).toEqual({ matched: 0, deleted: 0, hasMore: false });
    // With everything before, as time does.
    await app.db.query(
      `UPDATE deliveries SET created_at = created_at - interval '3 hours'
       WHERE id <= (SELECT max(id) FROM deliveries WHERE tenant_id = $1)`,
      [actor.tenantId],
    );
    expect(await finished().prune(actor, 'dead-letter', 2)).toMatchObject({ deleted: 2 });
    expect(await list(other.actor)).toHaveLength(1);
  });

  it('is counted by what it has in common', async () => {
    const { actor, webhook } = await deadLetters(3);
    const rows = await finished().statistics(actor, 'dead-letter', {});
    const of = (grouped: number) => rows.filter((row) => row.grouped === grouped);
    expect(of(0b1111)).toMatchObject([{ count: 3 }]);
    expect(of(0b0111)).toMatchObject([{ destinationId: webhook, count: 3 }]);
    expect(of(0b1011)).toMatchObject([{ type: 'session.qr', count: 3 }]);
    expect(of(0b1110)).toMatchObject([{ age: '1 hour', count: 3 }]);
  });

  it('of another tenant is neither seen nor touched, but by the operator', async () => {
    const [mine, theirs] = [await deadLetters(1), await deadLetters(1)];
    const [letter] = await list(theirs.actor);
    const missing = { code: 'dead-letter.not-found' };
    await expect(finished().getWithEvent(mine.actor, 'dead-letter', letter!.id)).rejects.toMatchObject(missing);
    await expect(finished().remove(mine.actor, 'dead-letter', letter!.id)).rejects.toMatchObject(missing);
    await expect(finished().replayOne(mine.actor, 'dead-letter', letter!.id, {})).rejects.toMatchObject(missing);
    await finished().removeMany(mine.actor, 'dead-letter', { ids: [letter!.id] }, { confirm: true });
    const { tenantId } = theirs.actor;
    expect((await list('admin', { tenantId })).map(({ id }) => id)).toEqual([letter!.id]);
    expect((await list('admin')).length).toBeGreaterThan(1);
    await finished().remove('admin', 'dead-letter', letter!.id);
    expect(await list('admin', { tenantId })).toEqual([]);
  });

  describe('a replay of events', () => {
    const aLog = async (count: number) => {
      const actor = await app.aUser();
      const ids = await add(...Array.from({ length: count }, (_, n) => qr(actor, `ses_${n % 3}`)));
      return { actor, ids, webhook: await aWebhook(actor) };
    };
    const replay = ({ actor }: { actor: Actor }, input: Parameters<ReplaysService['ofEvents']>[2]) =>
      replays().ofEvents(actor, actor.tenantId, input);

    it('sends some events to a destination that had none of them', async () => {
      const log = await aLog(5);
      await replay(log, { eventIds: log.ids.slice(1, 3), destinationId: log.webhook });
      const requests = await receiver.received(2);
      expect(requests.map(({ headers }) => headers['webhook-id']).sort()).toEqual(log.ids.slice(1, 3).sort());
    });

    it('sends a part of the log to where it was sent before', async () => {
      const log = await aLog(2);
      const sent = await add(qr(log.actor, 'ses_0'), qr(log.actor, 'ses_0'));
      await receiver.received(2);
      await settled(log.actor);
      expect(await replay(log, { range: { types: ['session.*'] } })).toMatchObject({ total: 2, queued: 2 });
      await receiver.received(4);
      expect(await replay(log, { range: { after: sent[0] } })).toMatchObject({ total: 1 });
      expect(await replay(log, { range: { sessionIds: ['ses_1'] } })).toMatchObject({ total: 0 });
      expect(await replay(log, { range: { to: new Date(0) } })).toMatchObject({ total: 0 });
    });

    it('leaves out what was to go nowhere, unless it is named', async () => {
      const actor = await app.aUser();
      const [quiet] = await add({ ...qr(actor, 'ses_0'), isQuiet: true }, qr(actor, 'ses_0'));
      const destinationId = await aWebhook(actor);
      expect(await replay({ actor }, { range: {}, destinationId })).toMatchObject({ total: 1 });
      expect(await replay({ actor }, { eventIds: [quiet!], destinationId })).toMatchObject({ total: 1 });
      const requests = await receiver.received(2);
      expect(requests.map(({ headers }) => headers['webhook-id'])).toContain(quiet);
    });

    it('is worked in the background when it is large and confirmed, in order, and can be watched', async () => {
      const log = await aLog(1100);
      const large = { range: {}, destinationId: log.webhook };
      await expect(replay(log, large)).rejects.toMatchObject({ code: 'replay.unconfirmed' });
      expect(await replay(log, { ...large, dryRun: true })).toMatchObject({ id: null, total: 1100 });
      const { id } = await replay(log, { ...large, confirm: true });
      await soon(async () => expect((await replays().get(log.actor, id!)).finishedAt).not.toBeNull());
      expect(await replays().get(log.actor, id!)).toMatchObject({ total: 1100, queued: 1100 });
      await receiver.received(1100);
      for (const n of [0, 1, 2]) {
        const seen = sequences(`ses_${n}`);
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
      }
    });

    it('is refused when it is larger than may be', async () => {
      const log = await aLog(1201);
      const all = replay(log, { range: {}, destinationId: log.webhook, confirm: true });
      await expect(all).rejects.toMatchObject({ code: 'replay.too-large', kind: 'invalid' });
    });

    it('stops when it is cancelled', async () => {
      const log = await aLog(1);
      const { id } = await replay(log, { range: {}, destinationId: log.webhook });
      await app.db.query('UPDATE replays SET finished_at = NULL, queued = 0 WHERE id = $1', [id]);
      expect(await replays().cancel(log.actor, id!)).toMatchObject({ isCancelled: true });
      await app.get(ReplayRunner).run(id!);
      expect(await replays().get(log.actor, id!)).toMatchObject({ queued: 0 });
    });

    it.each([
      [{}, 'replay.no-events'],
      [{ eventIds: ['evt_x'], range: {} }, 'replay.no-events'],
      [{ eventIds: ['evt_x'] }, 'event.not-found'],
      [{ range: { after: 'evt_x' } }, 'event.not-found'],
      [{ range: { after: 'x' } }, 'cursor.invalid'],
      [{ range: { types: ['message.eaten'] } }, 'event.unknown-type'],
      [{ range: {}, destinationId: 'whk_x' }, 'webhook.not-found'],
    ])('refuses %j', async (input, code) => {
      await expect(replay({ actor: await app.aUser() }, input)).rejects.toMatchObject({ code });
    });

    it('takes no event and no cursor of another tenant', async () => {
      const [mine, theirs] = [await aLog(1), await aLog(1)];
      const missing = { code: 'event.not-found' };
      await expect(replay(mine, { eventIds: theirs.ids })).rejects.toMatchObject(missing);
      await expect(replay(mine, { range: { after: theirs.ids[0] } })).rejects.toMatchObject(missing);
    });
  });

  it('that waits is tried at once when asked', async () => {
    const { actor, webhook } = await deadLetters(1);
    await app.get(WebhooksService).update(actor, webhook, { isEnabled: true });
    const [id] = await add(qr(actor, 'ses_late'));
    await settled(actor);
    await app.db.query(`UPDATE deliveries SET status = 'pending', finished_at = NULL WHERE event_id = $1`, [id]);
    await app.db.query(`UPDATE delivery_lanes SET due_at = now() + interval '1 hour' WHERE session_id = 'ses_late'`);
    const { items } = await app.get(DeliveriesService).list(actor, { eventId: id, limit: 1 });
    await app.get(DeliveriesService).retry(actor, items[0]!.id);
    await receiver.received(2);
    await settled(actor);
    const late = app.get(DeliveriesService).retry(actor, items[0]!.id);
    await expect(late).rejects.toMatchObject({ code: 'delivery.finished' });
  });
});
