import { type InteractiveStyle, interactiveStyles } from '@app/platform/events/interactive-content.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { Nested, OneOf, Text } from '@app/platform/http/fields.js';
import type { FileOrder } from '../../files/file-order.js';
import { SendMessageDto } from '../send-message.dto.js';
import { asText, type TextableContent } from './as-text.js';
import { headerFiles, InteractiveHeaderDto } from './header.dto.js';

/** Longest text of an interactive message that phones show whole. */
export const MAX_BODY = 4096;
export const MAX_SMALL = 256;

/** What all interactive messages can be sent with. */
export abstract class SendInteractiveDto extends SendMessageDto {
  @Text({ max: MAX_BODY, description: 'The words of the message, shown above the buttons.' }) text: string;
  @Text({ optional: true, max: MAX_SMALL, description: 'Small print below the text.' }) footer?: string;
  @OneOf(['text'], {
    optional: true,
    description:
      'Sends it as a plain text instead, with the choices in words: for recipients whose WhatsApp does not show buttons.',
  })
  fallback?: 'text';

  content(): MessageContent {
    const content = this.interactive();
    return this.fallback ? { type: 'text', text: asText(content) } : content;
  }

  /** A text brings no file. */
  override files(): FileOrder[] {
    return this.fallback ? [] : this.shownFiles();
  }

  /** The content with its buttons. */
  protected abstract interactive(): TextableContent;

  /** The files of its headers. */
  protected shownFiles(): FileOrder[] {
    return [];
  }
}

export abstract class SendWithHeaderDto extends SendInteractiveDto {
  @Nested(() => InteractiveHeaderDto, { optional: true, description: 'Shown above the text.' })
  header?: InteractiveHeaderDto;

  protected override shownFiles(): FileOrder[] {
    return headerFiles(this.header);
  }
}

export const Style = (fallback: InteractiveStyle): PropertyDecorator =>
  OneOf(interactiveStyles, {
    optional: true,
    default: fallback,
    description:
      '`native` is WhatsApp’s newer form of interactive messages, `classic` the older one. Which of them a phone shows depends on its version and on both accounts.',
  });
