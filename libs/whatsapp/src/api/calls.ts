import { CALL_AUDIO_PREFIX, CALL_VIDEO_PREFIX, type WASocket } from '@whiskeysockets/baileys';
import { secondsOf } from '../map/numbers.js';
import { ask, askNode } from './ask.js';

/** Calls, as far as a companion device can deal with them: it cannot talk. */
export class CallsApi {
  constructor(private readonly socket: WASocket) {}

  /** Has all devices of the account stop ringing. `callerDevice` is the device that calls, as WhatsApp spelt it. */
  async reject(callId: string, callerDevice: string): Promise<void> {
    const reject = { tag: 'reject', attrs: { 'call-id': callId, 'call-creator': callerDevice, count: '0' } };
    const attrs = { from: this.socket.authState.creds.me?.id ?? '', to: callerDevice };
    // Baileys' own function takes no answer for a good one.
    await askNode(this.socket, { tag: 'call', attrs, content: [reject] });
  }

  /** A link by which people join a call, now or at a time. */
  async link(media: 'audio' | 'video', startsAt: string | null): Promise<string> {
    const event = startsAt === null ? undefined : { startTime: secondsOf(startsAt) };
    const token = await ask(this.socket.createCallLink(media, event));
    return (media === 'video' ? CALL_VIDEO_PREFIX : CALL_AUDIO_PREFIX) + token;
  }
}
