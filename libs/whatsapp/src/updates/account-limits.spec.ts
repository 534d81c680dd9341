import { readNewChatCap, readTimeLock } from './account-limits.js';

describe('limits of an account', () => {
  it('knows a lock, one without an end, and none', () => {
    const until = new Date('2030-01-01T00:00:00Z');
    expect(readTimeLock({ isActive: true, timeEnforcementEnds: until }).until).toEqual(until);
    expect(readTimeLock({ isActive: true }).until?.getTime()).toBeGreaterThan(Date.now());
    expect(readTimeLock({ isActive: false, timeEnforcementEnds: until })).toEqual({ until: null, reason: null });
  });

  it('knows a cap that is reached, one that is not, and none', () => {
    const info = { total_quota: 10, used_quota: 10, cycle_end_timestamp: '1900000000' };
    const resetAt = new Date(1_900_000_000_000);
    expect(readNewChatCap(info)).toEqual({ total: 10, used: 10, resetAt, isCapped: true });
    expect(readNewChatCap({ ...info, used_quota: 9 })).toMatchObject({ used: 9, isCapped: false });
    expect(readNewChatCap({ total_quota: 0 })).toMatchObject({ total: null, isCapped: false });
  });
});
