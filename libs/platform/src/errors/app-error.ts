export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'too-large'
  | 'range'
  | 'rate-limited'
  | 'unsupported'
  | 'unavailable'
  | 'timeout';

/** One thing wrong with the input: a JSON pointer such as `/to` and what is allowed there. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/**
 * A failure the caller can act on. `code` is stable (`thing.problem`), `detail` is a sentence for a person.
 * Services throw it and know no HTTP; the one filter turns the kind into a status.
 */
export class AppError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    readonly detail: string,
    readonly extra: { errors?: FieldProblem[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: extra.cause });
  }
}

/** `notFound('session', id)` → code `session.not-found`. Another tenant's row is answered the same way. */
export const notFound = (thing: string, id: string) =>
  new AppError('not-found', `${thing}.not-found`, `There is no ${thing} ${JSON.stringify(id.slice(0, 80))}.`);

export const conflict = (code: string, detail: string) => new AppError('conflict', code, detail);
export const unavailable = (code: string, detail: string, cause?: unknown) =>
  new AppError('unavailable', code, detail, { cause });

/** Bad input found by a service rather than by a DTO; `pointer` names the field. */
export const invalid = (code: string, pointer: string, detail: string) =>
  new AppError('invalid', code, detail, { errors: [{ pointer, detail }] });
