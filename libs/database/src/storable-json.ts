/**
 * JSON that PostgreSQL's jsonb takes: neither NUL nor half a surrogate pair, and both do arrive in messages: one of them
 * would fail the transaction of everybody in a batch. JSON.stringify leaves exactly these as escapes.
 */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\\ufffd');
