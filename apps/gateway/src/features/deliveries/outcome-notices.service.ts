import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { OUTCOMES, OUTCOMES_WATCHED } from '@app/platform/events/channels.js';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How long somebody watches who has said so; watchers say it again before. */
export const WATCH_MS = 60_000;
/** A notification holds less than 8000 bytes. */
const MOST_A_NOTICE = 350;

/** How an attempt went: `pending` failed, and will be tried again. */
export interface OutcomeNotice {
  deliveryId: string;
  status: 'delivered' | 'pending' | 'dead';
}

/**
 * Tells processes that watch how deliveries went. Nothing is told, and nothing costs anything, while nobody watches; what
 * a lost connection loses is not repeated.
 */
@Injectable()
export class OutcomeNotices implements OnApplicationBootstrap {
  private readonly log = new Logger(OutcomeNotices.name);
  private watchedUntil = 0;

  constructor(
    private readonly database: DataSource,
    private readonly presence: ProcessPresence,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('jobs')) return;
    await this.presence.announce();
    // After a reconnect, too: somebody may watch.
    await this.presence.listen(OUTCOMES_WATCHED, () => (this.watchedUntil = Date.now() + WATCH_MS));
  }

  /** Does not wait: deliveries go on. */
  tell(outcomes: OutcomeNotice[]): void {
    if (Date.now() > this.watchedUntil) return;
    for (let start = 0; start < outcomes.length; start += MOST_A_NOTICE) {
      const part = outcomes.slice(start, start + MOST_A_NOTICE);
      const text = part.map(({ deliveryId, status }) => `${deliveryId}${letters[status]}`).join(',');
      this.database
        .query('SELECT pg_notify($1, $2)', [OUTCOMES, text])
        .catch((error: unknown) => this.log.debug(`outcomes were not told: ${(error as Error).message}`));
    }
  }
}

const letters = { delivered: 'd', pending: 'p', dead: 'x' } as const;

/** What a notification of `tell` says. */
export const readOutcomes = (text: string): OutcomeNotice[] =>
  text.split(',').flatMap((item) => {
    const [, deliveryId = '', letter] = /^(\d{1,18})([dpx])$/.exec(item) ?? [];
    const [status] = (['delivered', 'pending', 'dead'] as const).filter((name) => letters[name] === letter);
    return status ? [{ deliveryId, status }] : [];
  });
