import { Injectable } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';

/** Answers the waIds of those who may see a status of the session. */
export type AudienceSource = (actor: Actor, sessionId: string) => Promise<string[]>;

/** Where whoever knows contacts and privacy tells who gets a status for which nobody is named. */
@Injectable()
export class StatusAudiencesService {
  private source: AudienceSource = () => Promise.resolve([]);

  provide(source: AudienceSource): void {
    this.source = source;
  }

  of(actor: Actor, sessionId: string): Promise<string[]> {
    return this.source(actor, sessionId);
  }
}
