import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';

interface Bucket {
  tokens: number;
  at: number;
}

export interface Allowance {
  limit: number;
  remaining: number;
}

/** Token buckets of this process: a key may do `perMinute` at once and earns them back evenly over a minute. */
@Injectable()
export class RateLimiter {
  private readonly buckets = new LRUCache<string, Bucket>({ max: 50_000 });

  constructor(private readonly clock: Clock) {}

  /** Counts one, or several; throws `request.rate-limited` with the seconds to wait when the key has not so many left. */
  take(key: string, perMinute: number, count = 1): Allowance {
    const now = this.clock.now().getTime();
    const perMs = perMinute / 60_000;
    const bucket = this.buckets.get(key) ?? { tokens: perMinute, at: now };
    bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < count) throw tooMany(perMinute, Math.ceil((count - bucket.tokens) / perMs / 1000));
    bucket.tokens -= count;
    return { limit: perMinute, remaining: Math.floor(bucket.tokens) };
  }
}

const tooMany = (perMinute: number, retryAfterSeconds: number) =>
  new AppError('rate-limited', 'request.rate-limited', `More than ${perMinute} requests in a minute.`, {
    retryAfterSeconds,
  });
