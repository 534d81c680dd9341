import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { SESSION_SETTINGS_CHANGED } from '@app/platform/events/channels.js';
import { LRUCache } from 'lru-cache';
import { SessionSettingsService } from '../sessions/session-settings.service.js';

type Typing = number | 'auto' | undefined;

/** How sessions send when a message does not say it. Asked for every message, so it is kept in memory. */
@Injectable()
export class SendingHabitsService implements OnModuleInit {
  private readonly known = new LRUCache<string, { typing: Promise<Typing> }>({ max: 10_000, ttl: 60_000 });

  constructor(
    private readonly settings: SessionSettingsService,
    private readonly presence: ProcessPresence,
  ) {}

  async onModuleInit(): Promise<void> {
    this.settings.onUpdate((sessionId) => this.known.delete(sessionId));
    await this.presence.listen(SESSION_SETTINGS_CHANGED, (sessionId) => {
      if (sessionId) this.known.delete(sessionId);
      else this.known.clear();
    });
  }

  /** How long its chats see somebody type. */
  typing(sessionId: string): Promise<Typing> {
    const known = this.known.get(sessionId);
    if (known) return known.typing;
    const asked = { typing: this.settings.load(sessionId).then(({ typing }) => typing) };
    this.known.set(sessionId, asked);
    asked.typing.catch(() => this.known.delete(sessionId));
    return asked.typing;
  }
}
