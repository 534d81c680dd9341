import { ApiProperty } from '@nestjs/swagger';
import { Flag, OneOf, Text, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { Addressee } from './contact-people.service.js';
import type { CheckedNumber, ShownContact } from './contacts.service.js';

export class ContactParams {
  @Text({ max: 60 }) sessionId: string;
  @WaId() contactId: string;
}

export class ListContactsQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'A part of a name or of the phone number.' }) search?: string;
  @Flag({ optional: true, description: 'Only people in the address book of the phone, or only the others.' })
  isSaved?: boolean;
  @Flag({ optional: true, description: 'Only businesses whose name WhatsApp certifies, or only the others.' })
  isBusiness?: boolean;
  @Flag({ optional: true, description: 'Only people who are blocked, or only the others.' }) isBlocked?: boolean;
}

export class SaveContactDto {
  @Text({ max: 100 }) name: string;
  @Text({ max: 100, optional: true }) firstName?: string;
  @Flag({ optional: true, default: true, description: "Keep it in the phone's own address book as well." })
  saveOnPhone?: boolean;
}

const MOST_ASKED = 100;

export class CheckNumbersDto {
  @List({ of: 'waId', min: 1, max: MOST_ASKED, description: 'Phone numbers in any spelling, with country code.' })
  phones: string[];
}

export class ContactIdsDto {
  @List({ of: 'waId', min: 1, max: MOST_ASKED, description: 'Phone numbers or LIDs of people.' }) contactIds: string[];
}

export class BlockContactsDto {
  @List({ of: 'waId', max: MOST_ASKED, optional: true }) block?: string[];
  @List({ of: 'waId', max: MOST_ASKED, optional: true }) unblock?: string[];
}

export const pictureSizes = ['preview', 'full'] as const;

export class PictureQuery {
  @OneOf(pictureSizes, { optional: true, default: 'full', description: 'How large.' })
  size?: (typeof pictureSizes)[number];
  @WaId({ optional: true, description: 'A group that both are in: some people show their picture there only.' })
  commonGroupId?: string;
  @Text({ max: 100, optional: true, description: 'An invitation to the group whose picture it is.' })
  inviteCode?: string;
  @Text({ max: 100, optional: true, description: 'The persona of a bot.' }) personaId?: string;
}

export class PersonDto {
  @ApiProperty({ example: '6281234567890', description: 'The phone number where known, else the LID.' }) waId: string;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) lid: string | null;

  static from(this: void, { waId, phone, lid }: Addressee): PersonDto {
    return { waId, phone, lid };
  }
}

export class ContactDto extends PersonDto {
  @ApiProperty({ type: String, nullable: true, description: 'In the address book of the phone.' }) name: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What they call themselves.' }) pushName: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of a business, as WhatsApp certifies it.' })
  verifiedName: string | null;
  @ApiProperty({ description: 'In the address book of the phone.' }) isSaved: boolean;
  @ApiProperty({ type: Boolean, nullable: true, description: 'null: nothing was said about it since linking.' })
  isBlocked: boolean | null;
  @ApiProperty({ type: [String], description: 'Labels of the chat with them.' }) labelIds: string[];
  @ApiProperty({ format: 'date-time' }) updatedAt: string;

  static override from(this: void, contact: ShownContact): ContactDto {
    const { name, pushName, verifiedName, isBlocked, updatedAt, labelIds } = contact;
    const isSaved = name !== null;
    return {
      ...PersonDto.from(contact),
      name,
      pushName,
      verifiedName,
      isSaved,
      isBlocked,
      labelIds,
      updatedAt: updatedAt.toISOString(),
    };
  }
}

export class CheckedNumberDto extends PersonDto {
  @ApiProperty() isOnWhatsApp: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Of a business, where it is known here.' })
  verifiedName: string | null;

  static override from(this: void, checked: CheckedNumber): CheckedNumberDto {
    const { isOnWhatsApp, verifiedName } = checked;
    return { ...PersonDto.from(checked), isOnWhatsApp, verifiedName };
  }
}

export class CheckedNumbersDto {
  @ApiProperty({ type: [CheckedNumberDto], description: 'In the order asked.' }) items: CheckedNumberDto[];
}
