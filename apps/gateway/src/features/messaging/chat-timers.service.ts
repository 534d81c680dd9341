import { Injectable } from '@nestjs/common';

/** After how many seconds messages of a chat disappear; 0 for never. Asked for every message: from memory if possible. */
export type ChatTimers = (sessionId: string, chatId: string) => number | Promise<number>;

/** Where whoever knows the chats tells how long their messages are kept. */
@Injectable()
export class ChatTimersService {
  private timers: ChatTimers = () => 0;

  register(timers: ChatTimers): void {
    this.timers = timers;
  }

  of(sessionId: string, chatId: string): number | Promise<number> {
    return this.timers(sessionId, chatId);
  }
}
