import type { Companion } from '../world/companion.js';
import type { Clock } from '../world/clock.js';
import type { Newsletter } from './newsletter.js';

/** How long a client hears of views and reactions until it must ask again, unless told otherwise. */
export const LIVE_UPDATE_SECONDS = 300;

/** Clients that are looking at a newsletter right now: only they are told of views and reactions. */
export class LiveUpdates {
  seconds = LIVE_UPDATE_SECONDS;
  private readonly watchers = new Map<Newsletter, Map<Companion, () => void>>();

  constructor(private readonly clock: Clock) {}

  /** Starts a subscription, or starts it anew. */
  subscribe(client: Companion, newsletter: Newsletter): void {
    const watchers = this.watchers.get(newsletter) ?? new Map<Companion, () => void>();
    this.watchers.set(newsletter, watchers);
    watchers.get(client)?.();
    const end = this.clock.after(this.seconds * 1000, () => watchers.delete(client));
    watchers.set(client, end);
  }

  /** Who is looking; a client that went away is not told later. */
  watching(newsletter: Newsletter): Companion[] {
    return [...(this.watchers.get(newsletter)?.keys() ?? [])].filter(({ connection }) => connection);
  }

  end(newsletter: Newsletter): void {
    for (const cancel of this.watchers.get(newsletter)?.values() ?? []) cancel();
    this.watchers.delete(newsletter);
  }
}
