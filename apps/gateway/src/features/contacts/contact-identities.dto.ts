import { ApiProperty } from '@nestjs/swagger';
import type { IdentityRow } from '../messaging/identities.service.js';
import { PersonDto } from './contacts.dto.js';

export class IdentityDto {
  @ApiProperty({ example: '6281234567890' }) phone: string;
  @ApiProperty({ example: '123456789012345@lid' }) lid: string;
  @ApiProperty({ format: 'date-time', description: 'When the session learnt it.' }) updatedAt: string;

  static from(this: void, { phone, lid, updatedAt }: IdentityRow): IdentityDto {
    return { phone, lid, updatedAt: updatedAt.toISOString() };
  }
}

export class FoundIdentitiesDto {
  @ApiProperty({ type: [PersonDto], description: 'In the order asked.' }) items: PersonDto[];
}
