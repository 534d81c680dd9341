import { Inject, Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Pacing } from '@app/database/entities/session-settings.js';
import { runPrepared } from '@app/database/prepared.js';
import { Clock } from '@app/platform/clock/clock.js';
import { DataSource } from 'typeorm';
import { SessionSettingsService } from '../../sessions/session-settings.service.js';
import { HELD, Pace, PRIORITIES } from './pace.js';
import { PLACES } from './pace.queries.js';
import { quietUntil } from './quiet-hours.js';
import { RegimesService } from './regimes.service.js';

interface Place {
  id: string;
  urgency: number;
  /** How many messages leave before it. */
  place: number;
}

/** Says why messages wait that no rule holds back: worked out when somebody looks, so that waiting costs no write. */
@Injectable()
export class PaceForecastService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly settings: SessionSettingsService,
    private readonly regimes: RegimesService,
    private readonly clock: Clock,
  ) {}

  /** The messages, those that wait for their turn or for the end of quiet hours with the reason and until when. */
  async explain(sessionId: string, messages: Message[]): Promise<Message[]> {
    const silent = messages.filter(({ status, fromMe, waitReason }) => fromMe && status === 'pending' && !waitReason);
    if (!silent.length) return messages;
    const { pacing } = await this.settings.load(sessionId);
    if (!pacing) return messages;
    const rows = await runPrepared<Place>(this.database, PLACES, [sessionId, silent.map(({ id }) => id)]);
    const waits = new Map(rows.map((row) => [row.id, this.waitOf(sessionId, pacing, row)]));
    return messages.map((message) => ({ ...message, ...waits.get(message.id) }));
  }

  private waitOf(sessionId: string, pacing: Pacing, { urgency, place }: Place): Partial<Message> | null {
    const now = this.clock.now();
    const priority = urgency < HELD ? urgency : PRIORITIES.normal;
    const quiet = pacing.quietHours && priority > PRIORITIES.reply ? quietUntil(pacing.quietHours, now) : null;
    if (quiet) return { waitReason: 'quiet-hours', notBefore: quiet };
    const gapMs = Pace.gapMs(pacing);
    // The process that holds the session knows exactly when the next one leaves.
    const next = this.regimes.of(sessionId)?.pace.next(priority, now) ?? new Date(now.getTime() + gapMs);
    const notBefore = new Date(next.getTime() + place * gapMs);
    return notBefore > now ? { waitReason: 'pace', notBefore } : null;
  }
}
