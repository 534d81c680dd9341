import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { recordEvents } from '@app/testing/events.js';
import { soon } from '@app/testing/expect-soon.js';
import { useFeature } from '@app/testing/use-feature.js';
import { EventFeedService } from './event-feed.service.js';
import { toFilter, type EventFilter } from './event-filter.js';
import { EventLogService } from './event-log.service.js';
import { EventsModule } from './events.module.js';
import { LOG_BEGINNING, type LogPosition } from './log-position.js';
import { RecentEvents } from './recent-events.js';

describe('EventFeedService', () => {
  const app = useFeature(EventsModule);
  const add = (...events: NewEvent[]) => recordEvents(app, ...events);
  const gone = (tenantId: string, chatId: number, sessionId: string | null = null): NewEvent => ({
    tenantId,
    sessionId,
    type: 'chat.deleted',
    data: { chatId: String(chatId) },
  });
  const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

  const followers: AbortController[] = [];
  afterEach(() => followers.splice(0).forEach((follower) => follower.abort()));

  /** What somebody sees who follows the log. */
  const follow = (
    tenantId: string,
    {
      after = LOG_BEGINNING,
      filter = {},
      pace,
    }: { after?: LogPosition; filter?: Partial<EventFilter>; pace?: () => Promise<unknown> } = {},
  ) => {
    const [seen, end] = [[] as number[], new AbortController()];
    followers.push(end);
    const stream = app.get(EventFeedService).follow({ tenantId, filter: toFilter(filter), after }, end.signal);
    const ended = (async () => {
      for await (const { events } of stream) {
        seen.push(...events.map(({ json }) => Number((JSON.parse(json) as { data: { chatId: string } }).data.chatId)));
        await pace?.();
      }
    })();
    return { seen, ended, stop: () => end.abort() };
  };

  it('tells what there was and what comes, to several at once, each tenant its own', async () => {
    const [mine, theirs] = [(await app.aUser()).tenantId, (await app.aUser()).tenantId];
    await add(gone(mine, 0), gone(theirs, 100));
    const now = await app.get(EventLogService).newest();
    const [first, second, late, other] = [follow(mine), follow(mine), follow(mine, { after: now }), follow(theirs)];
    await soon(() => expect([first.seen, other.seen]).toEqual([[0], [100]]));
    await add(gone(mine, 1), gone(theirs, 101));
    await add(gone(mine, 2));
    await soon(() => {
      expect([first.seen, second.seen, late.seen]).toEqual([
        [0, 1, 2],
        [0, 1, 2],
        [1, 2],
      ]);
      expect(other.seen).toEqual([100, 101]);
    });
  });

  it('filters alike what it reads from the log and what has just come', async () => {
    const { tenantId } = await app.aUser();
    const filter = { sessionIds: ['ses_b'], types: ['chat.*'], skips: ['group' as const] };
    await add(gone(tenantId, 0, 'ses_a'), gone(tenantId, 1, 'ses_b'));
    const { seen } = follow(tenantId, { filter });
    await soon(() => expect(seen).toEqual([1]));
    await add(gone(tenantId, 2, 'ses_a'), gone(tenantId, 3, 'ses_b'), gone(tenantId, 4));
    await soon(() => expect(seen).toEqual([1, 3]));
  });

  it('gives everyone each event once and in order, however slow they are and however many write', async () => {
    const { tenantId } = await app.aUser();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const [quick, slow] = [follow(tenantId), follow(tenantId, { pace: () => held })];
    for (const round of numbers(20))
      await Promise.all(
        numbers(10).map((n) => add(...numbers(15, (round * 10 + n) * 15).map((id) => gone(tenantId, id)))),
      );
    await soon(() => expect(quick.seen).toHaveLength(3000));
    // Far more than is kept for them has come meanwhile.
    expect(slow.seen.length).toBeLessThan(3000);
    release();
    await soon(() => expect(slow.seen).toHaveLength(3000));
    expect(slow.seen).toEqual(quick.seen);
    expect(new Set(quick.seen).size).toBe(3000);
  });

  it('keeps the order of the log when a transaction is slow to commit', async () => {
    const { tenantId } = await app.aUser();
    const { seen } = follow(tenantId);
    const runner = app.db.createQueryRunner();
    await runner.startTransaction();
    await app.get(Outbox).add(runner.manager, [gone(tenantId, 1)]);
    await add(gone(tenantId, 2));
    await runner.commitTransaction();
    await runner.release();
    await soon(() => expect(seen).toEqual([1, 2]));
  });

  it('ends when it is told to, also while nothing comes', async () => {
    const { tenantId } = await app.aUser();
    const { ended, stop } = follow(tenantId);
    stop();
    await expect(ended).resolves.toBeUndefined();
  });
});

describe('RecentEvents', () => {
  const at = (position: number) => ({ transaction: 7, position });
  const event = (position: number, size = 10) => ({
    ...at(position),
    id: `evt_${position}`,
    tenantId: 'ten_1',
    sessionId: null,
    type: 'test',
    traits: [],
    json: 'x'.repeat(size),
  });
  const positions = (recent: RecentEvents, after: number) => recent.after(at(after))?.map(({ position }) => position);

  it('has what came after the place it began at', () => {
    const recent = new RecentEvents();
    recent.add([], at(10));
    recent.add([event(11), event(12)], at(12));
    expect([positions(recent, 10), positions(recent, 11), positions(recent, 99)]).toEqual([[11, 12], [12], []]);
    expect(recent.after(at(9))).toBeNull();
  });

  it('forgets the oldest when they are too many or too large', () => {
    const recent = new RecentEvents();
    recent.add([], at(0));
    recent.add(
      Array.from({ length: 1500 }, (_, index) => event(index + 1)),
      at(1500),
    );
    expect(recent.after(at(499))).toBeNull();
    expect(positions(recent, 500)).toHaveLength(1000);
    recent.add([event(1501, 1_999_995)], at(1501));
    expect(recent.after(at(1499))).toBeNull();
    expect(positions(recent, 1500)).toEqual([1501]);
    recent.add([event(1502, 3_000_000)], at(1502));
    expect(recent.after(at(1501))).toBeNull();
    expect(positions(recent, 1502)).toEqual([]);
  });
});
