import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { OneOf, Text, Timestamp, WaId } from '@app/platform/http/fields.js';
import { given } from './given.js';
import type { SendOptions } from '../message-options.js';
import { SendMessageDto } from './send-message.dto.js';
import { Thumbnail, ThumbnailDto } from './thumbnail.dto.js';

const MAX_CAPTION = 1024;

export class SendNewsletterInviteDto extends SendMessageDto {
  @OneOf(['newsletter-invite']) type: 'newsletter-invite';
  @WaId({ example: '120363000000000001@newsletter' }) newsletterId: string;
  @Text({ max: 100, example: 'Daily bread' }) name: string;
  @OneOf(['admin', 'follower'], { optional: true, default: 'admin', description: 'What one is invited to be.' })
  role: 'admin' | 'follower' = 'admin';
  @Text({ optional: true, max: MAX_CAPTION }) caption?: string;
  @Timestamp({ optional: true, description: 'Until when an admin can accept; for admins alone.' }) expiresAt?: Date;
  @Thumbnail('The picture of the newsletter.') thumbnail?: ThumbnailDto;

  content(): MessageContent {
    const { newsletterId, name, role, caption, expiresAt } = this;
    if (!newsletterId.endsWith('@newsletter'))
      throw invalid('message.wrong-address', '/newsletterId', 'A newsletter ends in @newsletter.');
    if (role === 'follower' && expiresAt)
      throw invalid('message.option-refused', '/expiresAt', 'An invitation to follow does not expire.');
    return given({ type: 'newsletter-invite', newsletterId, name, role, caption, expiresAt: expiresAt?.toISOString() });
  }

  override how(): SendOptions {
    return { ...super.how(), thumbnail: this.thumbnail?.source() };
  }
}

export class SendGroupInviteDto extends SendMessageDto {
  @OneOf(['group-invite']) type: 'group-invite';
  @WaId({ example: '120363000000000001@g.us' }) groupId: string;
  @Text({ max: 100, example: 'Choir' }) name: string;
  @Text({ max: 100, description: 'The code of the invitation for this person, or that of the link.' }) code: string;
  @Text({ optional: true, max: MAX_CAPTION }) caption?: string;
  @Timestamp({ optional: true }) expiresAt?: Date;
  @Thumbnail('The picture of the group.') thumbnail?: ThumbnailDto;

  content(): MessageContent {
    const { groupId, name, code, caption, expiresAt } = this;
    if (!groupId.endsWith('@g.us')) throw invalid('message.wrong-address', '/groupId', 'A group ends in @g.us.');
    return given({ type: 'group-invite', groupId, name, code, caption, expiresAt: expiresAt?.toISOString() });
  }

  override how(): SendOptions {
    return { ...super.how(), thumbnail: this.thumbnail?.source() };
  }
}
