import type { WASocket } from '@whiskeysockets/baileys';
import { asAppError } from './failure.js';

/** Whether the account is shown as online; while it is, its phone does not ring. */
export class PresenceApi {
  private isAvailable: boolean;

  constructor(
    private readonly socket: WASocket,
    /** What the session is set to. */
    private standing: boolean,
  ) {
    this.isAvailable = standing;
  }

  /** Shows what the session is set to by now, if that has changed. */
  async follow(isAvailable: boolean): Promise<void> {
    if (this.standing === isAvailable) return;
    this.standing = isAvailable;
    await this.show(isAvailable);
  }

  /** Until it is changed again, or the connection ends. */
  async show(isAvailable: boolean): Promise<void> {
    this.isAvailable = isAvailable;
    await this.tell().catch((error: unknown) => {
      throw asAppError(error);
    });
  }

  /** Says once more what the account is shown as: WhatsApp takes a presence without it for "available". */
  tell(): Promise<void> {
    return this.socket.sendPresenceUpdate(this.isAvailable ? 'available' : 'unavailable');
  }
}
