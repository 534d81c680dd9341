import { assertUserMay } from '@app/platform/auth/admission.js';
import type { UserPrincipal } from '@app/platform/auth/principal.js';
import { TokenLookup } from '@app/platform/auth/token-lookup.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { Injectable, Logger } from '@nestjs/common';
import { EventFeedService, type FollowedEvents } from './event-feed.service.js';
import { toFilter, type EventFilter } from './event-filter.js';
import { EventViewsService } from './event-views.service.js';
import { cursorOf } from './log-position.js';

const CHECK_MS = 2000;

export interface FollowQuery extends Partial<EventFilter> {
  /** From there on; from now on without. */
  after?: string;
}

export interface EventStream {
  /** Where it begins. */
  cursor: string;
  /** Goes on until the signal ends it. */
  open: (signal: AbortSignal) => AsyncGenerator<FollowedEvents>;
}

/** Who may follow the log, and for how long: as long as the token they came with is good. */
@Injectable()
export class EventFollowersService {
  private readonly logger = new Logger(EventFollowersService.name);
  private readonly open = new Map<string, number>();

  constructor(
    private readonly feed: EventFeedService,
    private readonly views: EventViewsService,
    private readonly tokens: TokenLookup,
    private readonly config: Config,
  ) {}

  /** Aborted when this process goes down. */
  get ending(): AbortSignal {
    return this.feed.ending;
  }

  /** Checks what is asked for; the stream itself then begins with its first event. */
  async follow(actor: UserPrincipal['actor'], { after = 'now', ...wanted }: FollowQuery): Promise<EventStream> {
    const { tenantId } = actor;
    const filter = toFilter(wanted);
    const place = await this.views.placeOf(actor, after);
    const open = (signal: AbortSignal) =>
      this.views.seen(actor, this.feed.follow({ tenantId, filter, after: place }, signal));
    return { cursor: cursorOf(tenantId, place), open };
  }

  /** Takes one of the places that the tenant has; to be given back. Throws `event.too-many-streams`. */
  takePlace({ tenantId }: UserPrincipal['actor']): () => void {
    const most = this.config.eventStreamsPerTenant;
    const taken = this.open.get(tenantId) ?? 0;
    if (taken >= most)
      throw new AppError('rate-limited', 'event.too-many-streams', `The tenant has ${most} streams open already.`);
    this.open.set(tenantId, taken + 1);
    return () => {
      const left = (this.open.get(tenantId) ?? 1) - 1;
      if (left > 0) this.open.set(tenantId, left);
      else this.open.delete(tenantId);
    };
  }

  /** Aborted, with an `AppError` as reason, soon after the token may follow the log no more. */
  watch(principal: UserPrincipal, until: AbortSignal): AbortSignal {
    const lost = new AbortController();
    const timer = setInterval(() => void check(), CHECK_MS);
    const check = async () => {
      try {
        await this.check(principal);
      } catch (error) {
        // That the database is away says nothing about the token.
        if (error instanceof AppError) lost.abort(error);
        else this.logger.warn(`a token could not be checked: ${(error as Error).message}`);
      }
    };
    for (const signal of [until, lost.signal]) signal.addEventListener('abort', () => clearInterval(timer));
    if (until.aborted) clearInterval(timer);
    return lost.signal;
  }

  private async check({ tokenId, actor }: UserPrincipal): Promise<void> {
    const principal = await this.tokens.findById(tokenId);
    if (!principal) throw new AppError('unauthenticated', 'token.invalid', 'The token was revoked.');
    // What a stream tells depends on it.
    if (principal.actor.role !== actor.role)
      throw new AppError('forbidden', 'access.role-changed', 'The user has another role now; open the stream again.');
    assertUserMay(principal, 'events:read');
  }
}
