import type { proto, WASocket } from '@whiskeysockets/baileys';
import { postChangeOf } from '../actions/post-change.js';
import { stanzaOf } from '../content/stanza.js';
import { toJid } from '../map/jid.js';
import type { WaAck } from '../map/receipt.js';

interface Sent {
  messageId: string;
  isDeletion: boolean;
}

const NOT_FOUND = '404';

/** Sends posts to newsletters over one connection, and changes of posts, which go under the id of their post. */
export class PostSends {
  /** By the id on the wire: what waits for an ack. Acks come in the order of the stanzas. */
  private readonly awaited = new Map<string, Sent[]>();

  constructor(private readonly socket: Pick<WASocket, 'relayMessage'>) {}

  async send(newsletterId: string, messageId: string, message: proto.IMessage): Promise<void> {
    const change = postChangeOf(message);
    const wireId = change?.postId ?? messageId;
    const sent = { messageId, isDeletion: change?.isDeletion ?? false };
    this.awaited.set(wireId, [...this.others(wireId, messageId), sent]);
    const parts = change ? { additionalAttributes: { edit: change.edit } } : stanzaOf(message, newsletterId);
    await this.socket.relayMessage(toJid(newsletterId), change?.message ?? message, { messageId: wireId, ...parts });
  }

  /** The ack of a stanza, as one of the message that it was sent for. */
  ackOf(ack: WaAck): WaAck {
    const [sent, ...later] = this.awaited.get(ack.messageId) ?? [];
    if (!sent) return ack;
    if (later.length) this.awaited.set(ack.messageId, later);
    else this.awaited.delete(ack.messageId);
    // What is sent again after a crash finds the post deleted.
    const isDone = sent.isDeletion && ack.errorCode === NOT_FOUND;
    return { messageId: sent.messageId, errorCode: isDone ? null : ack.errorCode };
  }

  /** A message that is sent again waits once, in its new place. */
  private others(wireId: string, messageId: string): Sent[] {
    return (this.awaited.get(wireId) ?? []).filter((sent) => sent.messageId !== messageId);
  }
}
