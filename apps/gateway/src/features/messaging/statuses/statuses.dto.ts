import { ApiProperty } from '@nestjs/swagger';
import { Flag, Timestamp, WaId } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { StatusAudience } from './status-audience.service.js';
import type { Poster, StatusView } from './statuses.service.js';

export class ListStatusesQuery extends PageQuery {
  @WaId({ optional: true, description: 'Only statuses of this person.' }) senderId?: string;
  @Flag({ optional: true, description: 'Only own statuses, or only those of others.' }) fromMe?: boolean;
  @Timestamp({ optional: true, description: 'Only what was posted then or later; the last 24 hours unless given.' })
  from?: Date;
}

const nullableText = { type: String, nullable: true } as const;

export class StatusPersonDto {
  @ApiProperty({ example: '6281234567890' }) waId: string;
  @ApiProperty(nullableText) phone: string | null;
  @ApiProperty(nullableText) lid: string | null;
}

export class StatusPosterDto extends StatusPersonDto {
  @ApiProperty(nullableText) name: string | null;
  @ApiProperty({ description: 'It is this account.' }) fromMe: boolean;
  @ApiProperty({ description: 'How many statuses.' }) count: number;
  @ApiProperty({ format: 'date-time' }) latestAt: string;

  static from(this: void, { person, fromMe, count, latestAt }: Poster): StatusPosterDto {
    return { ...person, fromMe, count, latestAt: latestAt.toISOString() };
  }
}

export class StatusViewDto {
  @ApiProperty({ type: StatusPersonDto }) viewer: StatusPersonDto;
  @ApiProperty({ format: 'date-time' }) at: string;

  static from(this: void, { viewer, at }: StatusView): StatusViewDto {
    return { viewer, at: at.toISOString() };
  }
}

export class StatusViewsDto {
  @ApiProperty({ type: [StatusViewDto] }) items: StatusViewDto[];
}

export class StatusAudienceDto implements StatusAudience {
  @ApiProperty({
    enum: ['contacts', 'contacts-except', 'only'],
    description: 'What the account has chosen, here or on its phone: `PUT …/privacy/statuses`.',
  })
  privacy: StatusAudience['privacy'];
  @ApiProperty({ type: [String], description: 'waIds.' }) people: string[];
}
