import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { useFeature } from '@app/testing/use-feature.js';
import type { EntityManager } from 'typeorm';
import { EventsModule } from './events.module.js';
import { EventsService, type EventsQuery } from './events.service.js';

describe('EventsService', () => {
  const app = useFeature(EventsModule);
  const add = (...events: NewEvent[]) => recordEvents(app, ...events);
  const qr = (tenantId: string, text: string, sessionId: string | null = null) => qrEvent(tenantId, sessionId, text);

  const list = async (tenantId: string, filter: Partial<EventsQuery> = {}) => {
    const actor = { tenantId, userId: '', role: 'owner' as const };
    const { items, nextCursor } = await app.get(EventsService).list(actor, { limit: 100, ...filter });
    return { texts: items.map(({ json }) => (JSON.parse(json) as { data: { qr: string } }).data.qr), nextCursor };
  };

  it('pages through the log of the caller alone, oldest first', async () => {
    const [mine, theirs] = [await app.aUser(), await app.aUser()];
    await add(qr(mine.tenantId, 'a'), qr(theirs.tenantId, 'x'), qr(mine.tenantId, 'b'));
    await add(qr(mine.tenantId, 'c'));
    const first = await list(mine.tenantId, { limit: 2 });
    const second = await list(mine.tenantId, { limit: 2, after: first.nextCursor! });
    const third = await list(mine.tenantId, { after: second.nextCursor! });
    expect([first.texts, second.texts, third.texts]).toEqual([['a', 'b'], ['c'], []]);
    expect(third.nextCursor).toBe(second.nextCursor);
    await add(qr(mine.tenantId, 'd'));
    expect((await list(mine.tenantId, { after: third.nextCursor! })).texts).toEqual(['d']);
  });

  it('continues after an event that is named by its id', async () => {
    const { tenantId } = await app.aUser();
    const [, second] = await add(qr(tenantId, 'a'), qr(tenantId, 'b'), qr(tenantId, 'c'));
    expect((await list(tenantId, { after: second })).texts).toEqual(['c']);
  });

  it('skips nothing when transactions commit in another order than they began, and keeps the order of a session', async () => {
    const { tenantId } = await app.aUser();
    const early = await begin();
    await early.tx.query('SELECT pg_current_xact_id()');
    await add(qr(tenantId, 'later transaction', 'ses_order'));
    expect((await list(tenantId)).texts).toEqual([]);
    await app.get(Outbox).add(early.tx, [qr(tenantId, 'earlier transaction', 'ses_order')]);
    await early.commit();
    expect((await list(tenantId)).texts).toEqual(['later transaction', 'earlier transaction']);
  });

  const begin = async (): Promise<{ tx: EntityManager; commit(): Promise<void> }> => {
    const runner = app.db.createQueryRunner();
    await runner.startTransaction();
    return { tx: runner.manager, commit: () => runner.commitTransaction().then(() => runner.release()) };
  };

  it('filters by session, type and group', async () => {
    const { tenantId } = await app.aUser();
    const test: NewEvent = { tenantId, sessionId: null, type: 'test', data: { webhookId: '', text: '' } };
    await add(qr(tenantId, 'a', 'ses_filter'), qr(tenantId, 'b'), test);
    const texts = async (filter: Partial<EventsQuery>) => (await list(tenantId, filter)).texts.length;
    expect(await texts({ sessionIds: ['ses_filter'] })).toBe(1);
    expect(await texts({ types: ['session.*'] })).toBe(2);
    expect(await texts({ types: ['test'] })).toBe(1);
    expect(await texts({ types: ['*'] })).toBe(3);
  });

  it('filters by what an event is about', async () => {
    const { tenantId } = await app.aUser();
    const deleted = (chatId: string): NewEvent => ({
      tenantId,
      sessionId: 'ses_x',
      type: 'chat.deleted',
      data: { chatId },
    });
    await add(deleted('1234567@g.us'), deleted('6281234567890'), qr(tenantId, 'a'));
    const count = async (filter: Partial<EventsQuery>) => (await list(tenantId, filter)).texts.length;
    expect(await count({ only: ['group'] })).toBe(1);
    expect(await count({ skips: ['group'] })).toBe(2);
    expect(await count({ only: ['group'], skips: ['group'] })).toBe(0);
  });

  it('begins with what comes next when asked for now', async () => {
    const { tenantId } = await app.aUser();
    await add(qr(tenantId, 'old'));
    const { texts, nextCursor } = await list(tenantId, { after: 'now' });
    await add(qr(tenantId, 'new'));
    expect([texts, (await list(tenantId, { after: nextCursor! })).texts]).toEqual([[], ['new']]);
  });

  it('reads what a filter has left out only once', async () => {
    const { tenantId } = await app.aUser();
    await add(qr(tenantId, 'a'), qr(tenantId, 'b'));
    const { nextCursor } = await list(tenantId, { types: ['test'] });
    await add(qr(tenantId, 'c'));
    expect((await list(tenantId, { after: nextCursor! })).texts).toEqual(['c']);
  });

  it("refuses another tenant's cursor", async () => {
    const [mine, theirs] = [await app.aUser(), await app.aUser()];
    await add(qr(theirs.tenantId, 'x'));
    const { nextCursor } = await list(theirs.tenantId);
    await expect(list(mine.tenantId, { after: nextCursor! })).rejects.toMatchObject({ code: 'cursor.invalid' });
  });

  it.each([
    [{ types: ['message.eaten'] }, 'event.unknown-type'],
    [{ after: 'evt_unknown' }, 'event.not-found'],
    [{ after: 'nonsense' }, 'cursor.invalid'],
    [{ after: Buffer.from('["1","x"]').toString('base64url') }, 'cursor.invalid'],
    [{ after: Buffer.from('["ten_any","1","x"]').toString('base64url') }, 'cursor.invalid'],
  ])('refuses %j', async (filter, code) => {
    await expect(list('ten_any', filter)).rejects.toMatchObject({ code });
  });

  it("answers another tenant's event as if there were none", async () => {
    const [mine, theirs] = [await app.aUser(), await app.aUser()];
    const [id] = await add(qr(theirs.tenantId, 'x'));
    await expect(app.get(EventsService).get(mine, id!)).rejects.toMatchObject({ code: 'event.not-found' });
  });
});
