import type { Actor } from '@app/platform/auth/actor.js';
import { Config } from '@app/platform/config/config.js';
import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { newId } from '@app/platform/ids/id.js';
import { recordEvents } from '@app/testing/events.js';
import { eventually } from '@app/testing/eventually.js';
import { useFeature, type FeatureUnderTest } from '@app/testing/use-feature.js';
import { BrokersModule } from '../../apps/gateway/src/features/brokers/brokers.module.js';
import { BrokersService, type NewBroker } from '../../apps/gateway/src/features/brokers/brokers.service.js';
import { DeliveriesService } from '../../apps/gateway/src/features/deliveries/deliveries.service.js';
import { RetryPolicy } from '../../apps/gateway/src/features/deliveries/retry-policy.js';

/** What came out at the other end. */
export interface Received {
  event: EventEnvelope;
  /** Headers, attributes or fields beside it. */
  labels: Record<string, unknown>;
}

/** A real broker, as the tests that all of them share need it. */
export interface BrokerUnderTest {
  /** A destination there, under names that begin with `name`. */
  input(name: string): Promise<NewBroker> | NewBroker;
  /** The same with a wrong password, where there are any. */
  stranger?(name: string): NewBroker;
  /** All that has come for `name` so far and was not read before; kept until then. */
  read(name: string): Promise<Received[]>;
  kill(): Promise<void>;
  /** May be at another address, which a change of the destination says; what it has not kept is made anew. */
  start(name: string): Promise<{ url?: string } | void>;
  stop(): Promise<void>;
}

const ROUNDS = 15;
const EXPIRY = '2030-01-01T00:00:00.000Z';

/** Retries follow at once; a destination that fails often is paused for some seconds all the same. */
const retries = { maxAttempts: 1000, delayMs: () => 100 };

export class BrokerDeliveries {
  constructor(readonly app: FeatureUnderTest) {}

  get brokers(): BrokersService {
    return this.app.get(BrokersService);
  }

  /** One event of each session in a transaction, `rounds` times. */
  async emit({ tenantId }: Actor, sessionIds: string[], rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const events = sessionIds.map((sessionId) => {
        const data = { qr: `ü "${round}" 😀`, expiresAt: EXPIRY };
        return { tenantId, sessionId, type: 'session.qr' as const, data };
      });
      await recordEvents(this.app, ...events);
    }
  }

  /** Why the last attempt failed, once one has. */
  failure(actor: Actor): Promise<string> {
    return eventually('an attempt fails', async () => {
      const { items } = await this.app.get(DeliveriesService).list(actor, { limit: 100 });
      return items.map(({ lastError }) => lastError).find(Boolean);
    });
  }

  async collect(broker: BrokerUnderTest, name: string, enough: (all: Received[]) => boolean): Promise<Received[]> {
    const all: Received[] = [];
    await eventually(
      'everything has arrived',
      async () => {
        all.push(...(await broker.read(name)));
        return enough(all);
      },
      30_000,
    );
    return all;
  }
}

export function useBrokerDeliveries(): BrokerDeliveries {
  const config: Partial<Config> = { roles: ['api', 'jobs'], outboundAllow: ['127.0.0.0/8'], webhookTimeoutMs: 3000 };
  const providers = [{ provide: RetryPolicy, useValue: retries }];
  return new BrokerDeliveries(useFeature([BrokersModule], { config, providers }));
}

/** What every broker must do. */
export function itDeliversTo(deliveries: BrokerDeliveries, brokerOf: () => BrokerUnderTest): void {
  const { app } = deliveries;
  const sequencesOf = (received: Received[], id: string) =>
    received.filter(({ event }) => event.sessionId === id).map(({ event }) => event.sequence);
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('brings the events of each session in order, whole and labelled', async () => {
    const broker = brokerOf();
    const actor = await app.aUser();
    const sessions = [newId('session'), newId('session'), newId('session')];
    await deliveries.brokers.create(actor, await broker.input('ordered'));
    await deliveries.emit(actor, sessions, ROUNDS);
    const total = ROUNDS * sessions.length;
    const received = await deliveries.collect(broker, 'ordered', ({ length }) => length >= total);
    for (const id of sessions) expect(sequencesOf(received, id)).toEqual(numbers(ROUNDS));
    const { event, labels } = received[0]!;
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_/) as string,
      type: 'session.qr',
      tenantId: actor.tenantId,
      sessionId: expect.stringMatching(/^ses_/) as string,
      sequence: 1,
      timestamp: expect.stringMatching(/Z$/) as string,
      data: { qr: 'ü "0" 😀', expiresAt: EXPIRY },
    });
    const { id, type, tenantId, sessionId } = event;
    expect(labels).toMatchObject({ id, type, tenantId, sessionId });
  });

  it('loses nothing when the broker is killed and comes back', async () => {
    const broker = brokerOf();
    const actor = await app.aUser();
    const sessions = [newId('session'), newId('session')];
    const { id } = await deliveries.brokers.create(actor, await broker.input('killed'));
    await deliveries.emit(actor, sessions, 3);
    const before = await deliveries.collect(broker, 'killed', ({ length }) => length >= 3 * sessions.length);
    await broker.kill();
    await deliveries.emit(actor, sessions, ROUNDS);
    expect(await deliveries.failure(actor)).toMatch(/^The (connection|broker|host)|^There was no/);
    const change = await broker.start('killed');
    // Also ends the pause of a destination that keeps failing.
    await deliveries.brokers.update(actor, id, { isEnabled: true, ...change });
    const all = numbers(ROUNDS + 3);
    const seen = (received: Received[], session: string) =>
      new Set(sequencesOf([...before, ...received], session)).size;
    const after = await deliveries.collect(broker, 'killed', (received) =>
      sessions.every((session) => seen(received, session) === all.length),
    );
    // At least once: repeats may come, but nothing new overtakes.
    for (const session of sessions) expect([...new Set(sequencesOf([...before, ...after], session))]).toEqual(all);
  });

  it('says whether a broker lets us in', async () => {
    const broker = brokerOf();
    const actor = await app.aUser();
    const check = await deliveries.brokers.checkDraft(actor, await broker.input('checked'));
    expect(check).toEqual({ isReachable: true, latencyMs: expect.any(Number) as number, error: null });
    const stored = await deliveries.brokers.create(actor, await broker.input('checked'));
    expect(await deliveries.brokers.check(actor, stored.id)).toMatchObject({ isReachable: true });
  });

  it('says in a sentence without secrets what is wrong with a login', async () => {
    const stranger = brokerOf().stranger?.('stranger');
    // Two of the servers here know no users.
    if (!stranger) return expect(['kafka', 'sqs']).toContain((await brokerOf().input('stranger')).kind);
    const actor = await app.aUser();
    const { isReachable, error } = await deliveries.brokers.checkDraft(actor, stranger);
    expect(isReachable).toBe(false);
    expect(error).toMatch(/^(User name.*wrong|The broker does not let this user in)/);
    await deliveries.brokers.create(actor, stranger);
    await deliveries.emit(actor, [newId('session')], 1);
    expect(await deliveries.failure(actor)).toBe(error);
  });
}
