import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';
import { RateLimiter } from './rate-limiter.js';

class TestClock extends Clock {
  time = 1_700_000_000_000;
  override now = () => new Date(this.time);
}

const refusal = (take: () => unknown) => {
  try {
    take();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  return null;
};

describe('RateLimiter', () => {
  it('lets a burst through and then one for each part of the minute', () => {
    const clock = new TestClock();
    const limiter = new RateLimiter(clock);
    const take = () => limiter.take('key', 60);
    for (let i = 0; i < 60; i += 1) take();
    expect(refusal(take)).toMatchObject({ code: 'request.rate-limited', extra: { retryAfterSeconds: 1 } });
    clock.time += 1000;
    expect(take()).toEqual({ limit: 60, remaining: 0 });
    expect(refusal(take)).not.toBeNull();
    clock.time += 3_600_000;
    expect(take()).toEqual({ limit: 60, remaining: 59 });
  });

  it('survives a clock that goes backwards', () => {
    const clock = new TestClock();
    const limiter = new RateLimiter(clock);
    limiter.take('key', 2);
    clock.time -= 60_000;
    expect(limiter.take('key', 2)).toEqual({ limit: 2, remaining: 0 });
  });
});
