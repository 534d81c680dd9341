import { ApiProperty } from '@nestjs/swagger';
import { Integer, OneOf, Text } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { AuditEntry } from '@app/database/entities/audit-entry.entity.js';
import type { Tenant } from '@app/database/entities/tenant.entity.js';
import type { User } from '@app/database/entities/user.entity.js';
import type { NewTenant } from '../account/tenants.service.js';

const tenantStatuses = ['active', 'suspended'] as const;
const userRoles = ['owner', 'staff'] as const;

export class CreateTenantDto {
  @Text({ max: 100, example: 'Acme' }) name: string;
}

export class UpdateTenantDto {
  @Text({ max: 100, optional: true }) name?: string;

  @OneOf(tenantStatuses, { optional: true, description: 'The tokens of a suspended tenant are refused.' })
  status?: (typeof tenantStatuses)[number];

  @Integer({ optional: true, nullable: true, description: 'Messages a day (UTC); null: any number.' })
  messagesPerDay?: number | null;

  @Integer({ optional: true, nullable: true, description: 'Messages in a calendar month (UTC); null: any number.' })
  messagesPerMonth?: number | null;
}

export class TenantDto {
  @ApiProperty({ example: 'ten_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: tenantStatuses }) status: string;
  @ApiProperty({ type: Number, nullable: true }) messagesPerDay: number | null;
  @ApiProperty({ type: Number, nullable: true }) messagesPerMonth: number | null;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;
  @ApiProperty({ type: String, format: 'date-time' }) updatedAt: string;

  static from(this: void, tenant: Tenant): TenantDto {
    const { id, name, status, messagesPerDay, messagesPerMonth, createdAt, updatedAt } = tenant;
    const quota = { messagesPerDay, messagesPerMonth };
    return { id, name, status, ...quota, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  }
}

class FirstUserDto {
  @ApiProperty({ example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: userRoles }) role: string;
}

export class CreatedTenantDto {
  @ApiProperty({ example: 'ten_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ description: 'The owner.' }) user: FirstUserDto;
  @ApiProperty({ description: "The owner's first token. It is shown this once.", example: 'swb_…' }) token: string;

  static from(this: void, { tenant, user, token }: NewTenant): CreatedTenantDto {
    return { id: tenant.id, name: tenant.name, user: { id: user.id, name: user.name, role: user.role }, token };
  }
}

export class CreateUserDto {
  @Text({ max: 100, example: 'ten_01jd3x2f6se7r8v9w0y1z2a3b4' }) tenantId: string;
  @Text({ max: 100, example: 'Ada' }) name: string;
  @OneOf(userRoles, { optional: true, default: 'staff' }) role: (typeof userRoles)[number] = 'staff';
}

export class UpdateUserDto {
  @Text({ max: 100, optional: true }) name?: string;
  @OneOf(userRoles, { optional: true }) role?: (typeof userRoles)[number];
}

export class ListUsersQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Users of this tenant only.' }) tenantId?: string;
}

export class UserDto {
  @ApiProperty({ example: 'usr_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty({ example: 'ten_01jd3x2f6se7r8v9w0y1z2a3b4' }) tenantId: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: userRoles }) role: string;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;

  static from(this: void, { id, tenantId, name, role, createdAt }: User): UserDto {
    return { id, tenantId, name, role, createdAt: createdAt.toISOString() };
  }
}

export class CreatedUserDto extends UserDto {
  @ApiProperty({ description: "The user's first token. It is shown this once.", example: 'swb_…' }) token: string;
}

export class ListAuditQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Changes of this tenant only.' }) tenantId?: string;
}

export class AuditEntryDto {
  @ApiProperty({ example: 'aud_01jd3x2f6se7r8v9w0y1z2a3b4' }) id: string;
  @ApiProperty({ type: String, nullable: true }) tenantId: string | null;
  @ApiProperty({ description: 'User id, or `admin` for the operator.' }) actor: string;
  @ApiProperty({ example: 'session.create' }) action: string;
  @ApiProperty({ type: String, nullable: true, description: 'Id of what was changed.' }) target: string | null;
  @ApiProperty({ type: String, nullable: true }) requestId: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;

  static from(this: void, { id, tenantId, actor, action, target, requestId, createdAt }: AuditEntry): AuditEntryDto {
    return { id, tenantId, actor, action, target, requestId, createdAt: createdAt.toISOString() };
  }
}
