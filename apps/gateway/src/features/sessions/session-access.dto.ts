import { Text } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';
import type { NamedGrant } from './session-access.service.js';

export class GrantAccessDto {
  @Text({
    max: 100,
    example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b4',
    description: 'A user of the tenant with the role staff.',
  })
  userId: string;
}

export class SessionAccessDto {
  @ApiProperty({ example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b4' }) userId: string;
  @ApiProperty() name: string;
  @ApiProperty({ description: 'The user who shared the session.', example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b5' })
  grantedBy: string;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;

  static from(this: void, { userId, name, grantedBy, createdAt }: NamedGrant): SessionAccessDto {
    return { userId, name, grantedBy, createdAt: createdAt.toISOString() };
  }
}
