import { type StatusFont, statusFonts } from '@app/platform/events/content-shapes.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { OneOf, Text } from '@app/platform/http/fields.js';
import type { SendOptions } from '../message-options.js';
import { given } from './given.js';
import { LinkPreviewDto, LinkPreviewField, type AutoLinkPreview } from './link-preview.dto.js';
import { Audience } from './option.fields.js';
import { SendMessageDto } from './send-message.dto.js';

/** WhatsApp's own limit. */
const MAX_TEXT = 65_536;
const COLOR = { pattern: /^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/, allowed: 'a colour such as #ff8800', min: 7, max: 9 };

export class SendTextDto extends SendMessageDto {
  @OneOf(['text']) type: 'text';
  @Text({ max: MAX_TEXT, example: 'Hello!' }) text: string;
  @LinkPreviewField() linkPreview?: LinkPreviewDto | AutoLinkPreview;
  @Text({ optional: true, ...COLOR, description: 'Of a status.', example: '#1f6feb' }) backgroundColor?: string;
  @Text({ optional: true, ...COLOR, description: 'Of a status.', example: '#ffffff' }) textColor?: string;
  @OneOf(statusFonts, { optional: true, description: 'Of a status.' }) font?: StatusFont;
  @Audience() audience?: string[];

  content(): MessageContent {
    const { text, backgroundColor, textColor, font } = this;
    const linkPreview = this.linkPreview instanceof LinkPreviewDto ? this.linkPreview.content() : undefined;
    const colors = { backgroundColor: backgroundColor?.toLowerCase(), textColor: textColor?.toLowerCase() };
    return given({ type: 'text', text, linkPreview, ...colors, font });
  }

  override how(): SendOptions {
    const { linkPreview, audience } = this;
    const options = { ...super.how(), audience };
    if (linkPreview instanceof LinkPreviewDto)
      return { ...options, ...(linkPreview.image && { previewImages: [linkPreview.image] }) };
    return { ...options, linkPreview: linkPreview && 'auto' };
  }
}
