import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { connectionTrouble } from '@app/platform/outbound/connection-troubles.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { LRUCache } from 'lru-cache';
import type { BrokerKind } from '@app/database/entities/destination.entity.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import type { BrokerStatistics, Link, OpenLink } from './link.js';
import { delivered, failed, type Answer, type Shipment, type Transport } from './transport.js';

const MOST_LINKS = 200;
const IDLE_MS = 10 * 60_000;
const LONGEST_SENTENCE = 300;
/** Shorter ones would turn ordinary words into stars. */
const SHORTEST_SECRET = 4;

/** A link with those who are using it: it is closed when the last of them is done. */
interface KeptLink {
  link: Promise<Link>;
  users: number;
  isDropped: boolean;
}

/**
 * Takes events to one kind of broker, over one link per destination that is opened by the first attempt and kept. A
 * link that is lost fails what is on its way; the next attempt opens another.
 */
export class BrokerTransport implements Transport {
  private readonly links = new LRUCache<string, KeptLink>({
    max: MOST_LINKS,
    ttl: IDLE_MS,
    updateAgeOnGet: true,
    dispose: (kept) => this.drop(kept),
  });

  constructor(
    readonly kind: BrokerKind,
    private readonly open: OpenLink,
    private readonly sockets: OutboundSockets,
    private readonly timeoutMs: number,
  ) {}

  async send(target: DeliveryTarget, shipment: Shipment): Promise<Answer> {
    const kept = this.linkTo(target);
    kept.users++;
    let isUsable = false;
    try {
      await this.inTime(async () => {
        const link = await kept.link;
        isUsable = true;
        await link.publish(shipment).finally(() => (isUsable = link.isOpen));
      });
      return delivered();
    } catch (error) {
      if (!isUsable || error instanceof OutOfTime) this.discard(target.id, kept);
      return failed(sentenceOf(error, target));
    } finally {
      kept.users--;
      if (kept.isDropped) this.drop(kept);
    }
  }

  /** Over a link of its own; throws an `AppError` that says what is wrong. */
  async check(target: DeliveryTarget): Promise<void> {
    await this.once(target, (link) => link.check());
  }

  async statistics(target: DeliveryTarget): Promise<BrokerStatistics | null> {
    return this.once(target, (link) => link.statistics());
  }

  forget(destinationId: string): void {
    if (destinationId === '') this.links.clear();
    else this.links.delete(destinationId);
  }

  private async once<T>(target: DeliveryTarget, work: (link: Link) => Promise<T>): Promise<T> {
    const link = this.open(target, this.sockets);
    try {
      return await this.inTime(async () => work(await link));
    } catch (error) {
      throw unavailable('destination.unreachable', sentenceOf(error, target), error);
    } finally {
      close(link);
    }
  }

  private linkTo(target: DeliveryTarget): KeptLink {
    const known = this.links.get(target.id);
    if (known) return known;
    this.links.purgeStale();
    const kept = { link: this.open(target, this.sockets), users: 0, isDropped: false };
    this.links.set(target.id, kept);
    return kept;
  }

  /** Others may have opened the next one already. */
  private discard(id: string, kept: KeptLink): void {
    if (this.links.peek(id) === kept) this.links.delete(id);
  }

  private drop(kept: KeptLink): void {
    kept.isDropped = true;
    if (kept.users === 0) close(kept.link);
  }

  private async inTime<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new OutOfTime(this.timeoutMs)), this.timeoutMs);
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class OutOfTime extends Error {
  constructor(timeoutMs: number) {
    super(`There was no answer within ${timeoutMs / 1000} s.`);
  }
}

/** Whatever it takes: nobody waits for it, and a link that was never opened needs none. */
const close = (link: Promise<Link>) => void link.then((opened) => opened.close()).catch(() => undefined);

/** What went wrong, for the owner of the destination. Of what a broker says, only the beginning, without our secrets. */
function sentenceOf(error: unknown, target: DeliveryTarget): string {
  if (error instanceof AppError) return error.detail;
  if (error instanceof OutOfTime) return error.message;
  const { code, message = '', name = 'Error' } = error as { code?: unknown; message?: string; name?: string };
  const known = typeof code === 'string' ? connectionTrouble(code) : null;
  if (known) return known;
  const said = secretsOf(target).reduce((text, secret) => text.replaceAll(secret, '***'), message || name);
  // eslint-disable-next-line no-control-regex -- what a broker says may be anything
  return `The broker did not take it: ${said.replace(/[\x00-\x1f\ufffd]+/g, ' ').slice(0, LONGEST_SENTENCE)}`;
}

function secretsOf({ secrets: { url = '', credentials = {} } }: DeliveryTarget): string[] {
  const password = URL.canParse(url) ? new URL(url).password : '';
  const all = [password, decodeURIComponent(password), ...Object.values(credentials)];
  return all.filter((secret) => secret.length >= SHORTEST_SECRET);
}
