import type { WaGroup } from '@app/database/entities/wa-group.entity.js';

/** What WhatsApp has to know of a group that something is done with. */
export type GroupKey = Pick<WaGroup, 'groupId' | 'isCommunity'>;

export const keyOf = ({ groupId, isCommunity }: WaGroup): GroupKey => ({ groupId, isCommunity });
