import {
  messageStatuses,
  type MessageContext,
  type MessageReferral,
  type MessageStatus,
} from '@app/database/entities/message.entity.js';
import { MessageFile } from '../media-content.js';
import { an, flag, free, Has, integer, list, MayHave, orNull, text, time, words } from './schema.js';
import { WaPerson } from './wa-person.js';

export class QuotedMessageData {
  @Has(text, "WhatsApp's id of the message that was answered.") messageId: string;
  @Has(orNull(text)) senderId: string | null;
  @Has(orNull(text)) text: string | null;
}

/** The same as `MessageContext`, with its schema. */
export class MessageContextData implements MessageContext {
  @MayHave(an(QuotedMessageData)) quoted?: QuotedMessageData;
  @MayHave(list(text), 'Who is mentioned.') mentions?: string[];
  @MayHave(flag) isMentioningAll?: boolean;
  @MayHave(flag) isForwarded?: boolean;
  @MayHave(flag) isViewOnce?: boolean;
  @MayHave(integer, 'After how many seconds it disappears.') expirationSeconds?: number;
  @MayHave(free, 'The advertisement or link that brought somebody to write.') referral?: MessageReferral;
  @MayHave(text, "WhatsApp's id of the album that it is a part of.") albumMessageId?: string;
  @MayHave(list(text), 'Of a status of this account: who gets it.') audience?: string[];
  @MayHave(text, 'Of a post: its number in the newsletter.') serverId?: string;
}

export const messageOrigins = ['api', 'device'] as const;
export type MessageOrigin = (typeof messageOrigins)[number];

export class MessageInEvent {
  @Has(text) id: string;
  @Has(text, "WhatsApp's own id.") messageId: string;
  @Has(text) chatId: string;
  @Has(an(WaPerson)) sender: WaPerson;
  @Has(flag) fromMe: boolean;
  @Has(text) type: string;
  @Has(orNull(text)) text: string | null;
  @Has(orNull(free), 'What it says, with the fields of its type; null where `text` says it all.')
  content: object | null;
  @Has(orNull(an(MessageContextData)), 'What it answers, whom it mentions, whether it was forwarded …')
  context: MessageContext | null;
  @Has(time, 'When it was written.') timestamp: string;
  @Has(words(messageStatuses)) status: MessageStatus;
  @Has(
    orNull(words(messageOrigins)),
    'Of an own message: sent by this API, or on another device of the account. Null for those of others.',
  )
  origin: MessageOrigin | null;
}

export class MessageData {
  @Has(an(MessageInEvent)) message: MessageInEvent;
}

class MessageNamed {
  @Has(text) id: string;
  @Has(text, "WhatsApp's own id.") messageId: string;
  @Has(text) chatId: string;
}

export class MessageStatusData extends MessageNamed {
  @Has(words(messageStatuses)) status: MessageStatus;
  @MayHave(text) errorCode?: string;
  @Has(time) at: string;
}

export class MessageFailedData extends MessageNamed {
  @Has(text, 'Stable code, such as `message.refused-463`.') errorCode: string;
  @Has(text, 'What it means and what to do about it.') detail: string;
  @Has(time) at: string;
}

export class MessageMediaData extends MessageNamed {
  @Has(an(MessageFile), '`stored`, or `failed` with an `errorCode`.') media: MessageFile;
  @MayHave(integer, 'Of a carousel: which card shows it, from 0.') card?: number;
  @Has(orNull(text), 'Opens the file without a token, for a while; null when there is none.') link: string | null;
}

export class MessageUndecryptableData {
  @Has(text, "WhatsApp's id; it comes as `message.received` under it if the phone hands it over.") messageId: string;
  @Has(text) chatId: string;
  @Has(text) senderId: string;
  @Has(time) timestamp: string;
}
