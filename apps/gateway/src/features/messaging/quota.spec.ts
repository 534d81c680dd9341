import { Tenant } from '@app/database/entities/tenant.entity.js';
import { useFeature } from '@app/testing/use-feature.js';
import { QuotaService } from './quota.service.js';

describe('QuotaService', () => {
  const app = useFeature([]);
  let now = new Date('2026-11-29T10:00:00Z');
  const clock = { now: () => now };
  beforeEach(() => void (now = new Date('2026-11-29T10:00:00Z')));

  async function aQuota(perDay: number | null, perMonth: number | null) {
    const { tenantId } = await app.aUser();
    await app.db.getRepository(Tenant).update({ id: tenantId }, { messagesPerDay: perDay, messagesPerMonth: perMonth });
    const quota = new QuotaService(app.db, clock);
    const take = () =>
      quota.take(tenantId).then(
        () => 'taken',
        (error: unknown) => error,
      );
    return { take, giveBack: () => quota.giveBack(tenantId) };
  }
  const usedUp = (retryAfterSeconds: number) => ({ code: 'message.quota-used-up', extra: { retryAfterSeconds } });

  it('counts by day, and says when the next one begins', async () => {
    const { take } = await aQuota(2, null);
    expect([await take(), await take()]).toEqual(['taken', 'taken']);
    expect(await take()).toMatchObject(usedUp(14 * 3600));
    now = new Date('2026-11-30T00:00:00Z');
    expect(await take()).toBe('taken');
  });

  it('counts by month over its days', async () => {
    const { take } = await aQuota(2, 3);
    await take();
    await take();
    now = new Date('2026-11-30T12:00:00Z');
    expect(await take()).toBe('taken');
    expect(await take()).toMatchObject(usedUp(12 * 3600));
    now = new Date('2026-12-01T00:00:00Z');
    expect(await take()).toBe('taken');
  });

  it('lets exactly as many through as there are, however many ask at once', async () => {
    const { take } = await aQuota(5, 7);
    const answers = await Promise.all(Array.from({ length: 20 }, take));
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(5);
  });

  it('lets nothing through with a quota of none, and takes back what was not sent', async () => {
    const none = await aQuota(0, null);
    expect(await none.take()).toMatchObject({ code: 'message.quota-used-up' });
    const one = await aQuota(1, null);
    await one.take();
    await one.giveBack();
    expect(await one.take()).toBe('taken');
  });
});
