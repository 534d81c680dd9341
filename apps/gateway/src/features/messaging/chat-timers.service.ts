import { Injectable } from '@nestjs/common';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type { EntityManager } from 'typeorm';

/** How long messages of a chat last from now on, as somebody in it has said. */
export interface SeenTimer {
  tenantId: string;
  sessionId: string;
  chatId: string;
  /** 0 for ever. */
  seconds: number;
}

/** Whoever knows how long messages of chats are kept. */
export interface ChatTimers {
  /** After how many seconds messages of a chat disappear; 0 for never. Asked for every message: from memory if possible. */
  of(sessionId: string, chatId: string): number | Promise<number>;
  /** A timer of the session has changed. */
  forget(sessionId: string): void;
}

/** Stores timers in the transaction that learns of them; answers the events that tell. */
export type TimerStore = (tx: EntityManager, timers: SeenTimer[]) => Promise<NewEvent[]>;

/** Where whoever knows the chats tells how long their messages are kept, and hears what is said about it in them. */
@Injectable()
export class ChatTimersService {
  private timers: ChatTimers = { of: () => 0, forget: () => undefined };
  private store: TimerStore = () => Promise.resolve([]);

  register(timers: ChatTimers): void {
    this.timers = timers;
  }

  onSeen(store: TimerStore): void {
    this.store = store;
  }

  of(sessionId: string, chatId: string): number | Promise<number> {
    return this.timers.of(sessionId, chatId);
  }

  async seen(tx: EntityManager, timers: SeenTimer[]): Promise<NewEvent[]> {
    return timers.length ? this.store(tx, timers) : [];
  }

  /** What was seen is committed. */
  committed(timers: SeenTimer[]): void {
    for (const { sessionId } of timers) this.timers.forget(sessionId);
  }
}
