import { ApiProperty } from '@nestjs/swagger';
import { Integer, Text, Timestamp } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { NewsletterPost, PostFile } from '@app/whatsapp/map/newsletter-post.js';
import { NewsletterParams } from './newsletters.dto.js';

/** As many posts as WhatsApp answers at once. */
const MOST_POSTS = 100;
const NUMBER = { max: 15, pattern: /^\d+$/, allowed: 'a number', example: '101' };

export class PostParams extends NewsletterParams {
  @Text(NUMBER) serverId: string;
}

abstract class PostsQuery extends PageQuery {
  @Integer({ min: 1, max: MOST_POSTS, optional: true, default: 25, description: 'Most posts to return.' })
  override limit: number = 25;
}

export class ListPostsQuery extends PostsQuery {
  @Text({ ...NUMBER, optional: true, description: 'Only posts before the one with this number.' }) before?: string;
}

export class PostUpdatesQuery extends PostsQuery {
  @Text({ ...NUMBER, optional: true, description: 'Only posts after the one with this number, in pages.' })
  after?: string;
  @Timestamp({ optional: true, description: 'Only what is new since then, or was changed, seen or reacted to.' })
  since?: Date;
}

export class ReactToPostDto {
  @Text({ max: 32, description: 'One emoji, if the newsletter allows it.', example: '👍' }) emoji: string;
}

export class ViewedPostsDto {
  @List({ min: 1, max: MOST_POSTS, maxLength: 15, description: 'Numbers of posts.' }) serverIds: string[];
}

export class LiveUpdatesDto {
  @ApiProperty({ description: 'After how many seconds WhatsApp is asked again; that happens by itself.' })
  seconds: number;
}

export class PostFileDto {
  @ApiProperty({ enum: ['image', 'video', 'audio', 'document', 'sticker'] }) kind: PostFile['kind'];
  @ApiProperty({
    description: 'Where it is on the servers of WhatsApp: `POST /v1/media/whatsapp` takes it from there.',
  })
  path: string;
  @ApiProperty({ type: String, nullable: true, description: 'Base64.' }) fileSha256: string | null;
}

export class PostDto {
  @ApiProperty({ description: 'Its number in the newsletter.', example: '101' }) serverId: string;
  @ApiProperty({ type: String, nullable: true, description: "WhatsApp's id of the message." }) messageId: string | null;
  @ApiProperty({ example: 'text' }) type: string;
  @ApiProperty({ type: String, nullable: true }) text: string | null;
  @ApiProperty({
    type: Object,
    nullable: true,
    description: 'What it says, as with messages of its `type`; null where `text` says it all.',
  })
  content: object | null;
  @ApiProperty({ type: PostFileDto, nullable: true }) file: PostFileDto | null;
  @ApiProperty({ description: 'This account wrote it.' }) fromMe: boolean;
  @ApiProperty() isEdited: boolean;
  @ApiProperty({ description: 'There is nothing left of it.' }) isDeleted: boolean;
  @ApiProperty({ format: 'date-time' }) timestamp: string;
  @ApiProperty({ type: Number, nullable: true, description: 'How many have seen it.' }) views: number | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many gave each emoji.',
    example: { '👍': 7 },
  })
  reactions: Record<string, number>;

  static from(this: void, post: NewsletterPost): PostDto {
    return post;
  }
}
