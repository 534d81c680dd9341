import type { proto } from '@whiskeysockets/baileys';
import type { ContentOf, MessageType } from '@app/platform/events/message-content.js';

/** Fields of the protobuf `Message` that can carry a content. */
export type ContentField = Exclude<keyof proto.IMessage, 'messageContextInfo' | 'senderKeyDistributionMessage'>;

/** What a kind may need beside its content. */
export interface WriteContext {
  /** 32 random bytes that belong to the message: votes and event answers are sealed with a key made of them. */
  secret: Buffer;
  /** A small JPEG that is shown before anything else is loaded; of a sticker a PNG. */
  thumbnail: Buffer | undefined;
  /** It goes to the group in which a community announces. */
  isAnnouncement: boolean;
}

/** How one type of message is written to and read from WhatsApp's protobuf. */
export interface ContentKind<T extends MessageType = MessageType> {
  readonly type: T;
  /** The fields of the protobuf that this kind reads. */
  readonly fields: readonly ContentField[];
  /** Whether a message with one of `fields` is of this kind; left out by kinds that have their fields for themselves. */
  accepts?(message: proto.IMessage): boolean;
  /** The content alone; what all types share (reply, mentions, expiry …) is added by `writeMessage`. Left out by kinds that only come in. */
  write?(content: ContentOf<T>, context: WriteContext): proto.IMessage;
  /** `message` has one of `fields`. What a stranger sent may lack anything: never throws for that. */
  read(message: proto.IMessage): ContentOf<T>;
}
