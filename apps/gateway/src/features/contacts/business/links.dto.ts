import { ApiProperty } from '@nestjs/swagger';
import { Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { BusinessProfileDto } from '../contact-infos.dto.js';

const link = { max: 200, description: 'The link, or the code at its end.' };

export class ResolveContactLinkDto {
  @Text({ ...link, example: 'https://wa.me/qr/ABCDEFG123456' }) link: string;
}

export class ResolveMessageLinkDto {
  @Text({ ...link, example: 'https://wa.me/message/ABCDEFG123456' }) link: string;
}

export class ContactLinkDto {
  @ApiProperty({ example: 'https://wa.me/qr/ABCDEFG123456', description: 'Also the text of the QR code.' })
  link: string;
}

export class LinkTargetDto {
  @ApiProperty() waId: string;
  @ApiProperty({ type: String, nullable: true, description: 'What they call themselves.' }) name: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'With which a chat is begun.' }) message: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of a business, as WhatsApp certifies it.' })
  verifiedName: string | null;
  @ApiProperty() isSigned: boolean;
  @ApiProperty({ type: BusinessProfileDto, nullable: true }) businessProfile: BusinessProfileDto | null;
}

const botId = { max: 60, pattern: /^\d{5,30}@bot$/, allowed: 'an address that ends in @bot' };

export class WantedBotDto {
  @Text({ ...botId, example: '867051314767696@bot' }) botId: string;
  @Text({ max: 100, optional: true, description: 'Beside the address in the list of bots.' }) personaId?: string;
}

export class WantedBotsDto {
  @List({ of: () => WantedBotDto, min: 1, max: 50 }) bots: WantedBotDto[];
}

export class BotDto {
  @ApiProperty({ example: '867051314767696@bot' }) botId: string;
  @ApiProperty({ type: String, nullable: true }) personaId: string | null;
}

export class BotsDto {
  @ApiProperty({ type: [BotDto] }) items: BotDto[];
}

export class BotCommandDto {
  @ApiProperty() name: string;
  @ApiProperty() description: string;
}

export class BotPromptDto {
  @ApiProperty() emoji: string;
  @ApiProperty() text: string;
}

export class BotProfileDto extends BotDto {
  @ApiProperty({ type: String, nullable: true }) name: string | null;
  @ApiProperty({ type: String, nullable: true }) description: string | null;
  @ApiProperty({ type: String, nullable: true }) category: string | null;
  @ApiProperty({ type: String, nullable: true }) attributes: string | null;
  @ApiProperty() isDefault: boolean;
  @ApiProperty({ type: String, nullable: true }) commandsDescription: string | null;
  @ApiProperty({ type: [BotCommandDto] }) commands: BotCommandDto[];
  @ApiProperty({ type: [BotPromptDto] }) prompts: BotPromptDto[];
}

export class BotProfilesDto {
  @ApiProperty({ type: [BotProfileDto], description: 'Bots that WhatsApp does not know are missing.' })
  items: BotProfileDto[];
}
