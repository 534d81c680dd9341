import { ApiProperty } from '@nestjs/swagger';
import { OpeningHoursDto } from './opening-hours.dto.js';
import type { BusinessProfile } from '@app/whatsapp/api/business-profile.js';
import type { PersonDevice } from '@app/whatsapp/api/people-query.js';
import type { ContactInfo, ContactProfile } from './contact-infos.service.js';
import type { Addressee } from './contact-people.service.js';
import { PersonDto, pictureSizes } from './contacts.dto.js';

const deviceKinds = ['phone', 'companion', 'hosted'] as const;

export class DeviceDto {
  @ApiProperty({ description: '0 is the phone.' }) id: number;
  @ApiProperty({
    enum: deviceKinds,
    description: 'The phone, another device linked to it, or a business service that WhatsApp hosts.',
  })
  kind: (typeof deviceKinds)[number];
}

export class ContactDevicesDto extends PersonDto {
  @ApiProperty({ type: [DeviceDto], description: 'Empty when WhatsApp knows nobody with this address.' })
  devices: PersonDevice[];
}

export class ContactDevicesListDto {
  @ApiProperty({ type: [ContactDevicesDto], description: 'In the order asked.' }) items: ContactDevicesDto[];
}

export class AboutDto extends PersonDto {
  @ApiProperty({ type: String, nullable: true, description: 'What they say about themselves.' }) about: string | null;
  @ApiProperty({ description: 'Their privacy hides it from this account.' }) isAboutHidden: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) aboutSetAt: string | null;

  static override from(
    this: void,
    said: Addressee & Pick<AboutDto, 'about' | 'isAboutHidden' | 'aboutSetAt'>,
  ): AboutDto {
    const { about, isAboutHidden, aboutSetAt } = said;
    return { ...PersonDto.from(said), about, isAboutHidden, aboutSetAt };
  }
}

export class ContactProfileDto extends AboutDto {
  @ApiProperty() isOnWhatsApp: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'In the address book of the phone.' }) name: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What they call themselves.' }) pushName: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of a business, as WhatsApp certifies it.' })
  verifiedName: string | null;
  @ApiProperty() isBusiness: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Changes with the picture; null: none, or hidden.' })
  pictureId: string | null;
  @ApiProperty({ type: [DeviceDto] }) devices: PersonDevice[];

  static override from(this: void, profile: ContactProfile): ContactProfileDto {
    const { isOnWhatsApp, name, pushName, verifiedName, isBusiness, pictureId, devices } = profile;
    const rest = { isOnWhatsApp, name, pushName, verifiedName, isBusiness, pictureId, devices };
    return { ...AboutDto.from(profile), ...rest };
  }
}

export class ContactProfilesDto {
  @ApiProperty({ type: [ContactProfileDto], description: 'In the order asked.' }) items: ContactProfileDto[];
}

export class BusinessCategoryDto {
  @ApiProperty() id: string;
  @ApiProperty() name: string;
}

export class BusinessProfileDto {
  @ApiProperty({ type: String, nullable: true }) description: string | null;
  @ApiProperty({ type: String, nullable: true }) address: string | null;
  @ApiProperty({ type: String, nullable: true }) email: string | null;
  @ApiProperty({ type: [String] }) websites: string[];
  @ApiProperty({ type: [BusinessCategoryDto] }) categories: BusinessCategoryDto[];
  @ApiProperty({ type: OpeningHoursDto, nullable: true }) hours: OpeningHoursDto | null;
  @ApiProperty({ type: String, nullable: true }) coverPhotoId: string | null;
  @ApiProperty({
    type: Object,
    additionalProperties: { type: 'string' },
    description: "Further settings in WhatsApp's words.",
  })
  options: Record<string, string>;

  static from(this: void, profile: BusinessProfile): BusinessProfileDto {
    return profile;
  }
}

export class ContactInfoDto extends ContactProfileDto {
  @ApiProperty({ type: String, nullable: true, description: 'A link to the picture that is good for some days.' })
  pictureUrl: string | null;
  @ApiProperty({ description: 'Their privacy hides the picture from this account.' }) isPictureHidden: boolean;
  @ApiProperty({ type: BusinessProfileDto, nullable: true }) businessProfile: BusinessProfileDto | null;
  @ApiProperty() isBlocked: boolean;
  @ApiProperty({ type: [String], description: 'Labels of the chat with them.' }) labelIds: string[];

  static override from(this: void, info: ContactInfo): ContactInfoDto {
    const { pictureUrl, isPictureHidden, businessProfile, isBlocked, labelIds } = info;
    return { ...ContactProfileDto.from(info), pictureUrl, isPictureHidden, businessProfile, isBlocked, labelIds };
  }
}

export class PictureDto {
  @ApiProperty({ format: 'uri', description: 'Good for some days.' }) url: string;
  @ApiProperty({ enum: pictureSizes }) size: (typeof pictureSizes)[number];
}
