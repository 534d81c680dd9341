import { ApiProperty } from '@nestjs/swagger';
import { type Session, sessionStatuses, type SessionStatus } from '@app/database/entities/session.entity.js';
import { Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import { SessionDto } from './sessions.dto.js';

export class ListAllSessionsQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Sessions of this tenant only.' }) tenantId?: string;

  @List({ min: 1, max: 200, maxLength: 100, optional: true, description: 'These sessions only.' })
  ids?: string[];

  @List({
    of: sessionStatuses,
    min: 1,
    max: sessionStatuses.length,
    optional: true,
    description: 'Sessions with one of these statuses only.',
  })
  statuses?: SessionStatus[];
}

export class AnySessionDto extends SessionDto {
  @ApiProperty({ example: 'ten_01jd3x2f6se7r8v9w0y1z2a3b4' }) tenantId: string;

  static override from(this: void, session: Session): AnySessionDto {
    return { tenantId: session.tenantId, ...SessionDto.from(session) };
  }
}
