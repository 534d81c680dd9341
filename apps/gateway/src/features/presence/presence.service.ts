import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { SESSION_SETTINGS_CHANGED } from '@app/platform/events/channels.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionSettingsService } from '../sessions/session-settings.service.js';
import { type LiveSession, SessionTrafficService } from '../sessions/session-traffic.service.js';

export type Presence = 'available' | 'unavailable';

const show = command<Presence>('presence.show');

/** Whether an account is shown as online: on order, or as its session is set. */
@Injectable()
export class PresenceService implements OnModuleInit {
  private readonly logger = new Logger(PresenceService.name);

  constructor(
    private readonly commands: SessionCommandsService,
    private readonly settings: SessionSettingsService,
    private readonly traffic: SessionTrafficService,
    private readonly presence: ProcessPresence,
  ) {}

  async onModuleInit(): Promise<void> {
    this.commands.on(show, ({ own }, presence) => own.presence.show(presence === 'available'));
    await this.presence.listen(SESSION_SETTINGS_CHANGED, (sessionId) => {
      for (const session of this.traffic.named(sessionId))
        this.follow(session).catch(() =>
          this.logger.warn('a presence could not be shown; the next connection shows it'),
        );
    });
  }

  /** Until it is changed again, or the session connects anew: then it is as it is set. */
  show(actor: Actor, sessionId: string, presence: Presence): Promise<void> {
    return this.commands.run(actor, sessionId, show, presence);
  }

  /** A change of the settings counts at once; every new connection follows them by itself. */
  private async follow({ sessionId, connection }: LiveSession): Promise<void> {
    if (connection)
      await connection.own.presence.follow((await this.settings.load(sessionId)).presence === 'available');
  }
}
