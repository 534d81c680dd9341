import { ApiProperty } from '@nestjs/swagger';
import { Text } from '@app/platform/http/fields.js';
import type { OwnDevice } from '@app/whatsapp/api/profile.js';
import type { Profile } from './profile.service.js';

export class SetNameDto {
  @Text({ max: 25, description: 'What people see who do not have the account in their address book.', example: 'Acme' })
  name: string;
}

export class SetAboutDto {
  @Text({ min: 0, max: 139, description: 'Empty takes it away.', example: 'At work until five' }) about: string;
}

export class ProfilePictureDto {
  @ApiProperty({ description: 'Changes with the picture.' }) id: string;
  @ApiProperty({ description: 'At WhatsApp; works for a while.' }) url: string;
  @ApiProperty({ type: String, nullable: true, description: 'The small one.' }) previewUrl: string | null;
}

export class ProfileDto {
  @ApiProperty() waId: string;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) lid: string | null;
  @ApiProperty({ type: String, nullable: true }) name: string | null;
  @ApiProperty() about: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) aboutSince: string | null;
  @ApiProperty({ type: ProfilePictureDto, nullable: true }) picture: ProfilePictureDto | null;

  static from(this: void, { account, about, aboutSince, picture }: Profile): ProfileDto {
    const { waId, phone, lid, name } = account;
    return { waId, phone, lid, name, about, aboutSince, picture };
  }
}

export class OwnDeviceDto implements OwnDevice {
  @ApiProperty({ description: '0 is the phone.' }) id: number;
  @ApiProperty() isPhone: boolean;
  @ApiProperty({ description: 'It is this session.' }) isThis: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Null where WhatsApp does not tell.' })
  platform: string | null;
}

export class OwnDevicesDto {
  @ApiProperty({ type: [OwnDeviceDto] }) items: OwnDeviceDto[];
}
