import type { MessageContent } from '@app/platform/events/message-content.js';
import { Text, WaId } from '@app/platform/http/fields.js';
import type { FileOrder } from '../files/file-order.js';

/** What every message can be sent with. */
export abstract class SendMessageDto {
  @WaId({ description: 'Phone number with country code, LID, group or newsletter.' }) to: string;
  @Text({
    optional: true,
    max: 100,
    description: 'The message that this one replies to: our id of it, or WhatsApp’s.',
    example: 'msg_01jd8x2m5fe0vvq7m0y8sw3c5d',
  })
  replyTo?: string;

  /** The content without what all types share. */
  abstract content(): MessageContent;

  /** The file that it brings, which is fetched and prepared before the message is accepted. */
  file(): FileOrder | undefined {
    return undefined;
  }
}
