import { ApiProperty } from '@nestjs/swagger';
import { invalid } from '@app/platform/errors/app-error.js';
import { type BlockContactsDto, PersonDto } from './contacts.dto.js';

export class BlockedContactsDto {
  @ApiProperty({ type: [PersonDto] }) items: PersonDto[];
}

export class BlockProblemDto {
  @ApiProperty({ example: 'contact.not-on-whatsapp' }) code: string;
  @ApiProperty() detail: string;
}

export class BlockOutcomeDto extends PersonDto {
  @ApiProperty() isBlocked: boolean;
  @ApiProperty({ type: BlockProblemDto, nullable: true, description: 'null: it is done.' })
  problem: BlockProblemDto | null;
}

export class BlockOutcomesDto {
  @ApiProperty({ type: [BlockOutcomeDto] }) items: BlockOutcomeDto[];
}

/** What is wanted of whom. */
export function wantedBlocks({ block = [], unblock = [] }: BlockContactsDto): Map<string, boolean> {
  if (unblock.some((id) => block.includes(id)))
    throw invalid('request.invalid', '/unblock', 'must not name anybody who is to be blocked');
  return new Map([...block.map((id) => [id, true] as const), ...unblock.map((id) => [id, false] as const)]);
}
