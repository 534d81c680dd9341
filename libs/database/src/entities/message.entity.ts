import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** In rising order; a receipt never moves a message backwards. `failed` ends the way. */
export const messageStatuses = ['pending', 'sent', 'server_ack', 'delivered', 'read', 'played', 'failed'] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** Somebody else's words that a message answers. */
export interface QuotedMessage {
  /** WhatsApp's id of it. */
  messageId: string;
  /** waId of whoever wrote it. */
  senderId: string | null;
  text: string | null;
}

/** The advertisement or link that brought somebody to write. */
export interface MessageReferral {
  title?: string;
  body?: string;
  /** Such as `ad`. */
  sourceType?: string;
  sourceId?: string;
  sourceUrl?: string;
  sourceApp?: string;
  mediaUrl?: string;
  thumbnailUrl?: string;
  /** WhatsApp's id of the click. */
  clickId?: string;
  ref?: string;
  conversionSource?: string;
  entryPoint?: string;
  entryPointApp?: string;
}

/** What goes along with a message of any type; absent fields say nothing. */
export interface MessageContext {
  quoted?: QuotedMessage;
  /** waIds of the people who are mentioned. */
  mentions?: string[];
  isMentioningAll?: boolean;
  isForwarded?: boolean;
  isViewOnce?: boolean;
  /** After how many seconds it disappears. */
  expirationSeconds?: number;
  referral?: MessageReferral;
  /** WhatsApp's id of the album that this message is a part of. */
  albumMessageId?: string;
  /** Of a status of this account: waIds of those who get it. */
  audience?: string[];
  /** Of a post: its number in the newsletter, by which reactions and figures name it. */
  serverId?: string;
}

/**
 * A WhatsApp message of a session, in or out. What people do with a message (edit, revoke, react, vote …) is a message
 * of its own on the wire and here; `targetId` tells the two apart.
 */
@Entity('messages')
@Index('messages_wa_key', ['sessionId', 'messageId', 'chatId', 'senderId'], { unique: true })
@Index('messages_by_session', ['sessionId', 'id'])
@Index('messages_by_chat', ['sessionId', 'chatId', 'id'])
@Index('messages_idempotency_key', ['sessionId', 'idempotencyKey'], {
  unique: true,
  where: 'idempotency_key IS NOT NULL',
})
@Index('messages_pending', ['sessionId', 'urgency', 'id'], { where: "status = 'pending'" })
@Index('messages_pending_by_chat', ['sessionId', 'chatId', 'id'], { where: "status = 'pending'" })
@Index('messages_unacknowledged', ['sentAt'], { where: "status = 'sent'" })
@Index('messages_awaiting_files', ['sessionId', 'chatId', 'id'], { where: "awaits_files AND status = 'pending'" })
@Index('messages_starred', ['sessionId', 'id'], { where: 'starred_at IS NOT NULL' })
@Index('messages_deleted', ['timestamp'], { where: 'deleted_at IS NOT NULL AND proto IS NOT NULL' })
/** Words of a session; TypeORM can't spell the expression, which is in messages.search.ts. */
@Index('messages_words', { synchronize: false })
@Index('messages_by_target', ['targetId'], { where: 'target_id IS NOT NULL' })
export class Message {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'messages_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  /** waId of the chat. */
  @Column({ type: 'text' }) chatId: string;
  /** WhatsApp's own id of the message, chosen before it is sent. */
  @Column({ type: 'text' }) messageId: string;
  /** waId of whoever wrote it. */
  @Column({ type: 'text' }) senderId: string;
  /** The sender's address as WhatsApp used it, where it is another one: receipts and reactions have to name it so. */
  @Column({ type: 'text', nullable: true }) authorAddress: string | null;
  @Column({ type: 'boolean' }) fromMe: boolean;
  @Column({ type: 'text' }) type: string;
  @Column({ type: 'text', nullable: true }) text: string | null;
  /** What it says, by `type`: a `MessageContent` without its type; null where `text` says it all. */
  @Column({ type: 'jsonb', nullable: true }) content: object | null;
  @Column({ type: 'jsonb', nullable: true }) context: MessageContext | null;
  /**
   * The message that this one changes or answers to: own id of an edited, revoked, reacted to … message; of one that is not
   * stored `wa:` and WhatsApp's id.
   */
  @Column({ type: 'text', nullable: true }) targetId: string | null;
  @Column({ type: 'text' }) status: MessageStatus;
  /** Stable code of the failure, such as `message.refused-463`. */
  @Column({ type: 'text', nullable: true }) errorCode: string | null;
  /** In the order in which they happened; `reason` says why it was sent again. */
  @Column({ type: 'jsonb', default: () => "'[]'" }) timeline: { status: MessageStatus; at: string; reason?: string }[];
  /** The protobuf as sent or received: served again on retries, needed for votes and replies. */
  @Column({ type: 'bytea', nullable: true, select: false }) proto: Buffer | null;
  /** Files must be uploaded before it can be sent; `proto` names them in place of their addresses. */
  @Column({ type: 'boolean', default: false, select: false }) awaitsFiles: boolean;
  @Column({ type: 'text', nullable: true, select: false }) idempotencyKey: string | null;
  /** Hash of the request that the key belongs to. */
  @Column({ type: 'bytea', nullable: true, select: false }) requestHash: Buffer | null;
  /** Destinations are not told that it was sent. */
  @Column({ type: 'boolean', default: false, select: false }) isQuiet: boolean;
  /** `history` when the phone shared it, instead of the network as it was written. */
  @Column({ type: 'text', default: 'live' }) origin: 'live' | 'history';
  /** 0 answer, 1 normal, 2 bulk; null: an answer if the other side wrote within a day, else normal. */
  @Column({ type: 'smallint', nullable: true }) priority: number | null;
  /** Its place in a paced line: a priority as judged by the line, 3 when it is held back, 9 when nobody has looked at it. */
  @Column({ type: 'smallint', default: 9, select: false }) urgency: number;
  /** How long to show that somebody types before it is sent; null once that has begun. */
  @Column({ type: 'smallint', nullable: true }) typingSeconds: number | null;
  /** A pending message is not sent earlier, and later ones of its chat wait for it. */
  @Column({ type: 'timestamptz', nullable: true }) notBefore: Date | null;
  /** Why it waits, as a stable word such as `account-restricted`. */
  @Column({ type: 'text', nullable: true }) waitReason: string | null;
  @Column({ type: 'timestamptz', nullable: true }) editedAt: Date | null;
  /** Deleted for everybody; what it said is kept. */
  @Column({ type: 'timestamptz', nullable: true }) revokedAt: Date | null;
  /** Deleted for the own account: not shown any more, and what it said is gone. */
  @Column({ type: 'timestamptz', nullable: true }) deletedAt: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) starredAt: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) pinnedUntil: Date | null;
  /** Kept by somebody although messages of the chat disappear. */
  @Column({ type: 'timestamptz', nullable: true }) keptAt: Date | null;
  /** When WhatsApp says it was written. */
  @Column({ type: 'timestamptz' }) timestamp: Date;
  @Column({ type: 'timestamptz', nullable: true }) sentAt: Date | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
