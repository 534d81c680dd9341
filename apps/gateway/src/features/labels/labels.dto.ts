import { ApiProperty } from '@nestjs/swagger';
import { Integer, Text, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import type { LabelOutcome, LabelTargets } from './label-orders.service.js';
import type { LabelledThing, ShownLabel } from './label-list.service.js';

const idOf = { max: 60, pattern: /^[\w-]+$/, allowed: 'an id of letters, digits, dashes and underscores' };
const color = { min: 0, max: 19, description: "One of WhatsApp's twenty colours." };

export class LabelParams {
  @Text({ max: 60 }) sessionId: string;
  @Text({ max: 60 }) labelId: string;
}

export class ChatLabelParams {
  @Text({ max: 60 }) sessionId: string;
  @WaId() chatId: string;
}

export class CreateLabelDto {
  @Text({ max: 100 }) name: string;
  @Integer({ ...color, optional: true, default: 0 }) color?: number;
  @Text({ ...idOf, optional: true, description: 'Of your own choice; otherwise the next number.' }) labelId?: string;
}

export class UpdateLabelDto {
  @Text({ max: 100, optional: true }) name?: string;
  @Integer({ ...color, optional: true }) color?: number;
}

export class UpdateOneLabelDto extends UpdateLabelDto {
  @Text({ max: 60 }) labelId: string;
}

const MOST = 50;

export class UpdateLabelsDto {
  @List({ of: () => UpdateOneLabelDto, min: 1, max: MOST }) labels: UpdateOneLabelDto[];
}

export class RemoveLabelsQuery {
  @List({ min: 1, max: MOST, maxLength: 60, description: 'Ids of the labels to delete.' }) labelIds: string[];
}

export class NamedMessageDto {
  @WaId() chatId: string;
  @Text({ max: 100, description: "WhatsApp's id." }) messageId: string;
}

export class LabelTargetsDto {
  @List({ of: 'waId', max: MOST, optional: true }) chatIds?: string[];
  @List({ max: MOST, maxLength: 100, optional: true, description: 'Messages that are stored here.' })
  messageIds?: string[];
  @List({ of: () => NamedMessageDto, max: MOST, optional: true, description: 'Messages that need not be stored here.' })
  messages?: NamedMessageDto[];

  targets(): LabelTargets {
    const { chatIds = [], messageIds = [], messages = [] } = this;
    return { chatIds, messageIds, messages };
  }
}

export class ChangeChatLabelsDto {
  @List({ max: MOST, maxLength: 60, optional: true, description: 'Ids of labels to put on the chat.' }) add?: string[];
  @List({ max: MOST, maxLength: 60, optional: true, description: 'Ids of labels to take off.' }) remove?: string[];
}

export class LabelDto {
  @ApiProperty({ example: '7' }) labelId: string;
  @ApiProperty() name: string;
  @ApiProperty({ minimum: 0, maximum: 19 }) color: number;
  @ApiProperty({ format: 'date-time' }) changedAt: string;

  static from(this: void, { labelId, name, color: shade, changedAt }: ShownLabel): LabelDto {
    return { labelId, name, color: shade, changedAt: changedAt.toISOString() };
  }
}

export class LabelsDto {
  @ApiProperty({ type: [LabelDto] }) items: LabelDto[];
}

export class LabelledChatDto {
  @ApiProperty({ example: '6281234567890' }) chatId: string;
  @ApiProperty({ format: 'date-time' }) labelledAt: string;

  static from(this: void, { chatId, at }: LabelledThing): LabelledChatDto {
    return { chatId, labelledAt: at.toISOString() };
  }
}

export class LabelledMessageDto extends LabelledChatDto {
  @ApiProperty({ description: "WhatsApp's id of the message." }) messageId: string;

  static override from(this: void, thing: LabelledThing): LabelledMessageDto {
    return { ...LabelledChatDto.from(thing), messageId: thing.messageId ?? '' };
  }
}

export class LabelProblemDto {
  @ApiProperty({ example: 'message.not-found' }) code: string;
  @ApiProperty() detail: string;
}

export class LabelOutcomeDto {
  @ApiProperty({ type: String, nullable: true }) chatId: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'As it was given; null for a chat.' })
  messageId: string | null;
  @ApiProperty() isAssigned: boolean;
  @ApiProperty({ type: LabelProblemDto, nullable: true, description: 'null: it is done.' })
  problem: LabelProblemDto | null;
}

export class LabelOutcomesDto {
  @ApiProperty({ type: [LabelOutcomeDto] }) items: LabelOutcome[];
}
