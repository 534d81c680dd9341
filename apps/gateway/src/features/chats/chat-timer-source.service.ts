import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Chat } from '@app/database/entities/chat.entity.js';
import { LRUCache } from 'lru-cache';
import { MoreThan, type Repository } from 'typeorm';
import { ChatTimersService } from '../messaging/chat-timers.service.js';

type Timers = Map<string, number>;

/** What another process has changed is known here after this time. */
const KNOWN_MS = 10_000;

/** Tells after how many seconds messages of a chat disappear: one question per session now and then, none per message. */
@Injectable()
export class ChatTimerSourceService implements OnModuleInit {
  private readonly known = new LRUCache<string, Promise<Timers>>({ max: 5_000, ttl: KNOWN_MS });

  constructor(
    @InjectRepository(Chat) private readonly chats: Repository<Chat>,
    private readonly timers: ChatTimersService,
  ) {}

  onModuleInit(): void {
    this.timers.register(this);
  }

  async of(sessionId: string, chatId: string): Promise<number> {
    return (await this.ofSession(sessionId)).get(chatId) ?? 0;
  }

  /** To be called when a timer of the session may have changed. */
  forget(sessionId: string): void {
    this.known.delete(sessionId);
  }

  private ofSession(sessionId: string): Promise<Timers> {
    const known = this.known.get(sessionId);
    if (known) return known;
    const timers = this.load(sessionId);
    this.known.set(sessionId, timers);
    timers.catch(() => this.forget(sessionId));
    return timers;
  }

  private async load(sessionId: string): Promise<Timers> {
    const chats = await this.chats.find({
      select: { chatId: true, disappearingSeconds: true },
      where: { sessionId, disappearingSeconds: MoreThan(0) },
    });
    return new Map(chats.map(({ chatId, disappearingSeconds }) => [chatId, disappearingSeconds]));
  }
}
