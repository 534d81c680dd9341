import { unavailable } from '@app/platform/errors/app-error.js';
import { fillTemplate, isFixed } from '@app/platform/events/event-template.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { Redis } from 'ioredis';
import type { RedisSettings } from '@app/database/broker-settings.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { CONNECT_TIMEOUT_MS, labelsOf, partsOf, tlsOf, type BrokerStatistics, type Link } from './link.js';
import type { Shipment } from './transport.js';

export async function openRedis(target: DeliveryTarget, sockets: OutboundSockets): Promise<Link> {
  const { protocol, host, port, user, password, path } = partsOf(target, 6379);
  const { address, family } = await sockets.addressOf(host);
  const redis = new Redis({
    host: address,
    port,
    family,
    username: user,
    password,
    db: path === '' ? 0 : Number(path),
    ...(protocol === 'rediss:' ? { tls: tlsOf(target, host) } : {}),
    connectionName: 'switchboard',
    connectTimeout: CONNECT_TIMEOUT_MS,
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let trouble: Error | undefined;
  // What `connect` rejects with says no more than that the connection is closed.
  redis.on('error', (error: Error) => (trouble ??= error));
  await redis.connect().catch((error: Error) => {
    redis.disconnect();
    explain(trouble ?? error);
  });
  return new RedisLink(redis, target.settings as RedisSettings);
}

class RedisLink implements Link {
  constructor(
    private readonly redis: Redis,
    private readonly settings: RedisSettings,
  ) {}

  get isOpen(): boolean {
    return this.redis.status === 'ready';
  }

  async publish(shipment: Shipment): Promise<void> {
    const { mode, maxLength } = this.settings;
    const key = fillTemplate(this.settings.key, shipment.event);
    if (mode === 'channel') return void (await this.redis.publish(key, shipment.json).catch(explain));
    const fields = Object.entries(labelsOf(shipment)).flat();
    const limit = maxLength === null ? [] : (['MAXLEN', '~', maxLength] as const);
    await this.redis.call('XADD', key, ...limit, '*', ...fields, 'event', shipment.json).catch(explain);
  }

  async check(): Promise<void> {
    await this.redis.ping().catch(explain);
  }

  async statistics(): Promise<BrokerStatistics | null> {
    const { mode, key } = this.settings;
    if (!isFixed(key)) return null;
    if (mode === 'stream') return { name: key, messages: await this.redis.xlen(key).catch(explain), consumers: null };
    const [, subscribers] = (await this.redis.pubsub('NUMSUB', key).catch(explain)) as [string, number];
    return { name: key, messages: null, consumers: Number(subscribers) };
  }

  async close(): Promise<void> {
    this.redis.disconnect();
  }
}

const refusals: [RegExp, string][] = [
  [/^(WRONGPASS|NOAUTH|ERR invalid password)/, 'User name or password is wrong, or one is needed.'],
  [/^NOPERM/, 'The user is not allowed to do that.'],
  [/^WRONGTYPE/, 'The key holds something else than a stream.'],
  [/^OOM/, 'Redis has no memory left.'],
  [/^READONLY/, 'This Redis is a replica and takes no writes.'],
  [/^(MOVED|ASK) /, 'This is a cluster: use the address of one that takes every key.'],
  [/^ERR (DB index|invalid DB)/, 'There is no such database.'],
  [/^(Connection is closed|Stream isn't writeable|Reached the max retries)/, 'The connection was closed.'],
  [/^connect ETIMEDOUT/, 'There was no connection in time.'],
];

function explain(error: Error): never {
  const refusal = refusals.find(([pattern]) => pattern.test(error.message));
  if (refusal) throw unavailable('destination.refused', refusal[1], error);
  throw error;
}
