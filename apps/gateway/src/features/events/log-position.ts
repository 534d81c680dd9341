import { invalid } from '@app/platform/errors/app-error.js';
import { decodeCursor, encodeCursor } from '@app/platform/http/page.js';

/** A place in the log: behind the event of this transaction with this position, and before the next one. */
export interface LogPosition {
  transaction: number;
  position: number;
}

/** Before everything. */
export const LOG_BEGINNING: LogPosition = { transaction: 0, position: 0 };

export const isBefore = (a: LogPosition, b: LogPosition): boolean =>
  a.transaction < b.transaction || (a.transaction === b.transaction && a.position < b.position);

/** The tenant is in it, so that a cursor that went astray is refused, and not taken for another place. */
export const cursorOf = (tenantId: string, { transaction, position }: LogPosition): string =>
  encodeCursor(tenantId, `${transaction}`, `${position}`);

/** Throws `cursor.invalid`. */
export function readCursor(tenantId: string, cursor: string): LogPosition {
  const [owner, ...parts] = keyOf(cursor);
  // Both are far below what a number can hold; PostgreSQL counts them from 1.
  if (!parts.every((part) => /^\d{1,15}$/.test(part))) throw noCursor();
  if (owner !== tenantId) throw invalid('cursor.invalid', '/after', 'is a cursor of another tenant');
  const [transaction = 0, position = 0] = parts.map(Number);
  return { transaction, position };
}

function keyOf(cursor: string): string[] {
  try {
    return decodeCursor(cursor, 3) ?? [];
  } catch (cause) {
    throw Object.assign(noCursor(), { cause });
  }
}

const noCursor = () =>
  invalid('cursor.invalid', '/after', 'must be a cursor of an earlier answer, the id of an event, or now');
