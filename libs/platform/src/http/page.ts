import { invalid } from '../errors/app-error.js';
import { Integer, Text } from './fields.js';

/** One page of a list that can grow. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** `limit` and `cursor` of every list; extend it for filters. */
export class PageQuery {
  @Integer({ min: 1, max: 200, optional: true, default: 50, description: 'Most items to return.' })
  limit: number = 50;

  @Text({ max: 500, optional: true, description: '`nextCursor` of the page before.' })
  cursor?: string;
}

/** Hides the sort key of the last row of a page in an opaque text. */
export const encodeCursor = (...key: string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key in a cursor, as many parts as it was made of; null without a cursor. Throws `cursor.invalid`. */
export function decodeCursor(cursor: string | undefined, parts = 1): string[] | null {
  if (cursor === undefined) return null;
  const key = parse(cursor);
  if (key?.length === parts) return key;
  throw invalid('cursor.invalid', '/cursor', 'must be the nextCursor of an earlier answer');
}

function parse(cursor: string): string[] | null {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isKey = Array.isArray(key) && key.every((part) => typeof part === 'string' && !part.includes('\0'));
    return isKey ? (key as string[]) : null;
  } catch {
    return null;
  }
}

/** Makes a page of rows that were read with `limit + 1`; `keyOf` is the sort key that `decodeCursor` gets back. */
export function toPage<T>(rows: T[], limit: number, keyOf: (row: T) => string | string[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? encodeCursor(...[keyOf(last)].flat()) : null };
}

/** The same page with its items turned into something else, as in `mapPage(page, LabelDto.from)`. */
export const mapPage = <T, U>({ items, nextCursor }: Page<T>, map: (item: T) => U): Page<U> => ({
  items: items.map(map),
  nextCursor,
});
