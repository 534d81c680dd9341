import { deliveryStatuses, type DeliveryStatus } from '@app/database/entities/delivery.entity.js';
import { Flag, Integer, Nested, OneOf } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { DeliveryFilterDto, TenantFilterDto } from '../deliveries.dto.js';
import { ReplayOptionsDto } from '../replays/replays.dto.js';
import type { StatisticsRow } from './finished.service.js';

const finishedStatuses = deliveryStatuses.filter((status) => status !== 'pending');

class FinishedStatusDto {
  @OneOf(finishedStatuses, { optional: true, description: '`dead`: it used up its attempts.' }) status?: DeliveryStatus;
}

class RemovalOptionsDto {
  @Flag({ optional: true, default: false, description: 'Only counts.' }) dryRun: boolean = false;
  @Flag({ optional: true, default: false, description: 'Says that you mean it; needed unless `dryRun`.' })
  confirm: boolean = false;
}

class IdsDto {
  @List({ min: 1, max: 1000, maxLength: 18, optional: true, description: 'These alone.' }) ids?: string[];
}

export class ReplayOneDto extends ReplayOptionsDto {
  @Flag({ optional: true, default: false, description: 'Deletes this one; the new delivery is in its place.' })
  removeAfter: boolean = false;
}

class DeadLettersDto extends IntersectionType(DeliveryFilterDto, IdsDto) {}
class ArchiveDto extends IntersectionType(DeadLettersDto, FinishedStatusDto) {}
class AdminDeadLettersDto extends IntersectionType(DeadLettersDto, TenantFilterDto) {}
class AdminArchiveDto extends IntersectionType(ArchiveDto, TenantFilterDto) {}

export class DeadLettersQuery extends DeliveryFilterDto {}
export class ArchiveQuery extends IntersectionType(DeliveryFilterDto, FinishedStatusDto) {}
export class AdminDeadLettersQuery extends IntersectionType(DeliveryFilterDto, TenantFilterDto) {}
export class AdminArchiveQuery extends IntersectionType(ArchiveQuery, TenantFilterDto) {}

export class ListDeadLettersQuery extends IntersectionType(PageQuery, DeadLettersQuery) {}
export class ListArchiveQuery extends IntersectionType(PageQuery, ArchiveQuery) {}
export class AdminListDeadLettersQuery extends IntersectionType(PageQuery, AdminDeadLettersQuery) {}
export class AdminListArchiveQuery extends IntersectionType(PageQuery, AdminArchiveQuery) {}

export class RemoveDeadLettersQuery extends IntersectionType(DeadLettersDto, RemovalOptionsDto) {}
export class RemoveArchiveQuery extends IntersectionType(ArchiveDto, RemovalOptionsDto) {}
export class AdminRemoveDeadLettersQuery extends IntersectionType(AdminDeadLettersDto, RemovalOptionsDto) {}
export class AdminRemoveArchiveQuery extends IntersectionType(AdminArchiveDto, RemovalOptionsDto) {}

const which = { description: 'Which of them: a filter or ids, at least one field.' };

export class ReplayDeadLettersDto extends ReplayOneDto {
  @Nested(() => DeadLettersDto, which) filter: DeadLettersDto;
}
export class ReplayArchiveDto extends ReplayOneDto {
  @Nested(() => ArchiveDto, which) filter: ArchiveDto;
}
export class AdminReplayDeadLettersDto extends ReplayOneDto {
  @Nested(() => AdminDeadLettersDto, which) filter: AdminDeadLettersDto;
}
export class AdminReplayArchiveDto extends ReplayOneDto {
  @Nested(() => AdminArchiveDto, which) filter: AdminArchiveDto;
}

export class PruneDto {
  @Integer({ min: 1, max: 876_000, optional: true, description: 'Otherwise what is past its retention.' })
  olderThanHours?: number;
}

export class RemovalDto {
  @ApiProperty({ type: 'integer', description: 'How many there were, 100000 at most.' }) matched: number;
  @ApiProperty({ type: 'integer' }) deleted: number;
  @ApiProperty({ description: 'One call deletes 100000 at most; whether there were more.' }) hasMore: boolean;
}

class DestinationCountDto {
  @ApiProperty() destinationId: string;
  @ApiProperty({ type: 'integer' }) count: number;
}
class TypeCountDto {
  @ApiProperty() type: string;
  @ApiProperty({ type: 'integer' }) count: number;
}
class StatusCountDto {
  @ApiProperty({ enum: finishedStatuses }) status: string;
  @ApiProperty({ type: 'integer' }) count: number;
}
class AgeCountDto {
  @ApiProperty({ enum: ['1 hour', '1 day', '7 days', 'older'], description: 'Not older than that.' }) age: string;
  @ApiProperty({ type: 'integer' }) count: number;
}

export class FinishedStatisticsDto {
  @ApiProperty({ type: 'integer' }) total: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) oldestAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) newestAt: string | null;
  @ApiProperty({ type: [DestinationCountDto] }) byDestination: DestinationCountDto[];
  @ApiProperty({ type: [TypeCountDto] }) byType: TypeCountDto[];
  @ApiProperty({ type: [StatusCountDto] }) byStatus: StatusCountDto[];
  @ApiProperty({ type: [AgeCountDto] }) byAge: AgeCountDto[];

  static from(this: void, rows: StatisticsRow[]): FinishedStatisticsDto {
    // PostgreSQL's grouping(): a bit for each column that a row is not grouped by, the last column's bit is the lowest.
    const groups = { destinationId: 0b0111, type: 0b1011, status: 0b1101, age: 0b1110 };
    const by = <K extends keyof typeof groups>(name: K) =>
      rows
        .filter(({ grouped }) => grouped === groups[name])
        .map((row) => ({ [name]: row[name] ?? '', count: row.count }) as Record<K, string> & { count: number });
    const all = rows.find(({ grouped }) => grouped === 0b1111);
    return {
      total: all?.count ?? 0,
      oldestAt: all?.oldest?.toISOString() ?? null,
      newestAt: all?.newest?.toISOString() ?? null,
      byDestination: by('destinationId'),
      byType: by('type'),
      byStatus: by('status'),
      byAge: by('age'),
    };
  }
}
