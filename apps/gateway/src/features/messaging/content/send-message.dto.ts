import type { MessageContent } from '@app/platform/events/message-content.js';
import { Typing } from '@app/platform/http/typing.field.js';
import { Field, Flag, Nested, OneOf, Text, WaId } from '@app/platform/http/fields.js';
import type { FileOrder } from '../files/file-order.js';
import type { SendOptions } from '../message-options.js';
import { PRIORITIES, type Priority } from '../pace/pace.js';
import { MentionAll, Mentions } from './option.fields.js';

/** What WhatsApp's apps offer. */
const EXPIRATIONS = [0, 86_400, 604_800, 7_776_000];

/** A message that is not stored, as far as an answer has to show it. */
export class QuotedMessageKeyDto {
  @WaId({ optional: true, description: 'Who wrote it; needed in groups. Left out: the other side of the chat.' })
  senderId?: string;
  @Flag({ optional: true, description: 'This account wrote it.' }) fromMe?: boolean;
  @Text({ optional: true, min: 0, max: 65_536, description: 'What it said, to be shown above the answer.' })
  text?: string;
}

/** What every message can be sent with. */
export abstract class SendMessageDto {
  @WaId({ description: 'Phone number with country code, LID, group, newsletter, or `status@broadcast`.' }) to: string;
  @Text({
    optional: true,
    max: 100,
    description: 'The message that this one replies to: our id of it, or WhatsApp’s.',
    example: 'msg_01jd8x2m5fe0vvq7m0y8sw3c5d',
  })
  replyTo?: string;
  @Nested(() => QuotedMessageKeyDto, {
    optional: true,
    description:
      'What you know of the message that `replyTo` names by WhatsApp’s id; counts when it is not stored here.',
  })
  quoted?: QuotedMessageKeyDto;
  @Text({
    optional: true,
    min: 8,
    max: 64,
    pattern: /^[A-Za-z0-9_.-]+$/,
    allowed: 'letters, digits, `_`, `.` and `-`,',
    description: 'An id of your own in place of WhatsApp’s; unique in the session.',
    example: '3EB0C8F1A2B3C4D5E6F7',
  })
  messageId?: string;
  @Flag({ optional: true, description: 'Ask WhatsApp first whether the number is there; answers are remembered.' })
  checkNumber?: boolean;
  @Flag({ optional: true, description: 'Show it as forwarded.' }) isForwarded?: boolean;
  @Field(
    { type: 'integer', enum: EXPIRATIONS },
    { check: (value) => EXPIRATIONS.includes(value as number), message: `must be one of ${EXPIRATIONS.join(', ')}` },
    {
      optional: true,
      description: 'After how many seconds it disappears; 0 for never. Without it the timer of the chat holds.',
      example: 86_400,
    },
  )
  expirationSeconds?: number;

  @OneOf(Object.keys(PRIORITIES), {
    optional: true,
    description: 'Which goes first when the session sends by a pace. Left out: `reply` if the chat wrote within a day.',
  })
  priority?: Priority;
  @Typing({
    description:
      'Seconds in which the chat sees somebody type (or record) first; `auto`: by the length of the text. Left out: as the settings of the session say.',
  })
  typing?: number | 'auto';
  @Mentions() mentions?: string[];
  @MentionAll() mentionAll?: boolean;
  @Flag({
    optional: true,
    default: true,
    description: 'Deliver `message.sent` of it to webhooks; with `false` that is in the event log alone.',
  })
  echo?: boolean;

  /** The content without what all types share. */
  abstract content(): MessageContent;

  /** The file that it brings, which is fetched and prepared before the message is accepted. */
  file(): FileOrder | undefined {
    return undefined;
  }

  /** All files that it brings. */
  files(): FileOrder[] {
    const file = this.file();
    return file ? [file] : [];
  }

  /** How it is sent; types with more options add theirs. */
  how(): SendOptions {
    const { replyTo, quoted, messageId, checkNumber, isForwarded, expirationSeconds, priority, typing, echo } = this;
    const { mentions, mentionAll } = this;
    const line = { priority, typing, echo };
    return { replyTo, quoted, messageId, checkNumber, isForwarded, expirationSeconds, ...line, mentions, mentionAll };
  }
}
