import { ApiProperty } from '@nestjs/swagger';
import { Flag } from '@app/platform/http/fields.js';
import { type Refreshed, type RefreshStep, refreshSteps, type RefreshWishes } from './refresh.service.js';

const byDefault = { optional: true, default: true };
const onDemand = { optional: true, default: false };

export class RefreshSessionDto {
  @Flag({ ...byDefault, description: 'Close the connection and open another one.' }) reconnect?: boolean;
  @Flag({ ...byDefault, description: 'Upload keys for new contacts if WhatsApp has few left.' }) preKeys?: boolean;
  @Flag({ ...byDefault, description: 'Read the settings of chats and the address book.' }) appState?: boolean;
  @Flag({ ...byDefault, description: 'Read from the beginning what cannot be read or was not stored whole.' })
  repair?: boolean;
  @Flag({ ...byDefault, description: 'Read the privacy settings.' }) privacy?: boolean;
  @Flag({ ...onDemand, description: 'Read all groups.' }) groups?: boolean;
  @Flag({ ...onDemand, description: 'Ask the phone for everything it remembers; it comes later.' }) history?: boolean;

  wishes(): RefreshWishes {
    const { reconnect = true, preKeys = true, appState = true, repair = true, privacy = true } = this;
    const { groups = false, history = false } = this;
    return { reconnect, preKeys, appState, repair, privacy, groups, history };
  }
}

class RefreshedCollectionDto {
  @ApiProperty({ example: 'regular_low', description: "WhatsApp's name of it." }) name: string;
  @ApiProperty({ description: 'false: it can not be read; the phone has not shared its key yet.' }) isRead: boolean;
  @ApiProperty({ description: 'It was read from the beginning, because that was needed.' }) wasRepaired: boolean;
  @ApiProperty() durationMs: number;
}

class PreKeySupplyDto {
  @ApiProperty({ description: 'How many WhatsApp had.' }) onServer: number;
  @ApiProperty({ description: 'It was given more.' }) isRefilled: boolean;
}

class RefreshStepDto {
  @ApiProperty({ enum: refreshSteps }) step: string;
  @ApiProperty() isDone: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'What went wrong, as in problems.' }) code: string | null;
  @ApiProperty({ type: String, nullable: true }) detail: string | null;
  @ApiProperty() durationMs: number;

  static from(this: void, { step, problem, durationMs }: RefreshStep): RefreshStepDto {
    const { code = null, detail = null } = problem ?? {};
    return { step, isDone: problem === null, code, detail, durationMs };
  }
}

export class RefreshedDto {
  @ApiProperty({ type: [RefreshStepDto], description: 'Those that were wanted, in their order.' })
  steps: RefreshStepDto[];
  @ApiProperty({ description: 'All of them are done.' }) isDone: boolean;
  @ApiProperty({ type: PreKeySupplyDto, nullable: true }) preKeys: PreKeySupplyDto | null;
  @ApiProperty({ type: [RefreshedCollectionDto], nullable: true }) collections: RefreshedCollectionDto[] | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'How many groups there are.' }) groups: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Id of the transfer of history.' })
  historyId: string | null;

  static from({ steps, preKeys, collections, groups, history }: Refreshed): RefreshedDto {
    return {
      steps: steps.map(RefreshStepDto.from),
      isDone: steps.every(({ problem }) => problem === null),
      preKeys: preKeys ?? null,
      collections: collections ?? null,
      groups: groups ?? null,
      historyId: history?.id ?? null,
    };
  }
}
