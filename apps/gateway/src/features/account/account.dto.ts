import { ApiProperty } from '@nestjs/swagger';
import { scopes } from '@app/platform/auth/access.decorator.js';
import { Text, Timestamp } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { ApiToken } from '@app/database/entities/api-token.entity.js';
import type { User } from '@app/database/entities/user.entity.js';
import type { Profile } from './users.service.js';

export class TokenDto {
  @ApiProperty({ example: 'tok_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ description: 'The last four characters of the token.' }) hint: string;
  @ApiProperty({ type: String, isArray: true, enum: scopes }) scopes: string[];
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) expiresAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) lastUsedAt: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;

  static from(this: void, { id, name, hint, scopes, ...token }: ApiToken): TokenDto {
    return {
      id,
      name,
      hint,
      scopes,
      expiresAt: token.expiresAt?.toISOString() ?? null,
      lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
      createdAt: token.createdAt.toISOString(),
    };
  }
}

export class CreatedTokenDto extends TokenDto {
  @ApiProperty({ description: 'The token itself. It is shown this once.', example: 'swb_…' }) token: string;
}

export class CreateTokenDto {
  @Text({ max: 60, example: 'CRM' }) name: string;

  @List({ of: scopes, min: 1, max: scopes.length, optional: true, description: 'Those of the calling token if unset.' })
  scopes?: string[];

  @Timestamp({ optional: true, nullable: true, description: 'That of the calling token if unset; null for never.' })
  expiresAt?: Date | null;
}

export class ListTokensQuery extends PageQuery {}

/** A user as owners of the same tenant see it. */
export class ColleagueDto {
  @ApiProperty({ example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['owner', 'staff'] }) role: string;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;

  static from(this: void, { id, name, role, createdAt }: User): ColleagueDto {
    return { id, name, role, createdAt: createdAt.toISOString() };
  }
}

class OwnTenantDto {
  @ApiProperty({ example: 'ten_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
}

export class UpdateMeDto {
  @Text({ max: 100, example: 'Ada' }) name: string;
}

export class MeDto {
  @ApiProperty({ example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['owner', 'staff'] }) role: string;
  @ApiProperty() tenant: OwnTenantDto;
  @ApiProperty({ type: String, isArray: true, enum: scopes, description: 'What the calling token may do.' })
  scopes: string[];

  static from(this: void, { user, tenant }: Profile, scopes: string[]): MeDto {
    return { id: user.id, name: user.name, role: user.role, tenant: { id: tenant.id, name: tenant.name }, scopes };
  }
}
