import type { WaGroup } from '@app/database/entities/wa-group.entity.js';
import { AppError } from '@app/platform/errors/app-error.js';

/** Pictures are not asked for in the words of groups. */
const forbidden = ['group.forbidden', 'whatsapp.forbidden'];

/** What WhatsApp's refusal means, which says no more than that something is not allowed. */
export async function inGroup<T>(group: Pick<WaGroup, 'ownRole'>, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || !forbidden.includes(error.code)) throw error;
    if (group.ownRole === null) throw refusal('group.not-a-member', 'The account is not in this group.', error);
    if (group.ownRole === 'member') throw refusal('group.not-admin', 'Only admins of the group may do that.', error);
    throw error;
  }
}

const refusal = (code: string, detail: string, cause: unknown) => new AppError('forbidden', code, detail, { cause });
