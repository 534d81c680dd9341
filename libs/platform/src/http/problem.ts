import { HttpException } from '@nestjs/common';
import { AppError, type ErrorKind, type FieldProblem } from '../errors/app-error.js';

/** An error answer before it is rendered (RFC 9457 natively; dialects render it in their own shape). */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors?: FieldProblem[];
  retryAfterSeconds?: number;
  /** Not foreseen: to be logged with its stack. */
  isUnexpected?: boolean;
}

/** HTTP status and title of each kind of failure. */
export const problemKinds: Record<ErrorKind, { status: number; title: string }> = {
  invalid: { status: 400, title: 'Invalid request' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  gone: { status: 410, title: 'Gone' },
  'too-large': { status: 413, title: 'Too large' },
  range: { status: 416, title: 'Range not satisfiable' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  unsupported: { status: 501, title: 'Not supported' },
  unavailable: { status: 503, title: 'Not available' },
  timeout: { status: 504, title: 'Timed out' },
};

/** The same, with what is refused before anything of ours could fail. */
export const documentedKinds = { ...problemKinds, 'media-type': { status: 415, title: 'Unsupported media type' } };
export type DocumentedKind = keyof typeof documentedKinds;

const of = (kind: ErrorKind, code: string, detail: string): Problem => ({ ...problemKinds[kind], code, detail });

const malformed = (detail: string) => of('invalid', 'request.malformed', detail);

/** What Fastify refuses before a route is reached. */
const fastifyProblems: Record<string, (maxBodyBytes: number) => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (max) =>
    of('too-large', 'request.too-large', `The body is larger than ${max} bytes, the limit of this installation.`),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => ({
    ...documentedKinds['media-type'],
    code: 'request.media-type',
    detail: 'The body must be JSON, with Content-Type: application/json.',
  }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => malformed('The body is not as long as Content-Length says.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => malformed('The body is not valid JSON.'),
  FST_ERR_BAD_URL: () => malformed('The path is not a valid URL path.'),
  FST_ERR_MAX_PARAM_LENGTH: () => malformed('A part of the path is too long.'),
};

/** Texts with a NUL character or a broken surrogate, which PostgreSQL cannot store. */
const unstorable = new Set(['22021', '22P05']);

/** A body with files in base64 is too large for the route that takes them. */
export const tooLargeForBase64 = (maxBytes: number): Problem =>
  of(
    'too-large',
    'media.body-too-large',
    `The body is larger than ${maxBytes} bytes, the limit for files in base64; upload larger ones to POST /v1/media, or give a URL.`,
  );

/** Any thrown value as a problem. Nothing of an unforeseen exception reaches the caller. */
export function toProblem(error: unknown, maxBodyBytes: number): Problem {
  if (error instanceof AppError) {
    const { errors, retryAfterSeconds } = error.extra;
    return { ...of(error.kind, error.code, error.detail), errors, retryAfterSeconds };
  }
  if (error instanceof HttpException && error.getStatus() === 404)
    return of('not-found', 'route.not-found', 'There is no such route; see /docs.');
  return foreignProblem(error, maxBodyBytes) ?? internal();
}

function foreignProblem(error: unknown, maxBodyBytes: number): Problem | undefined {
  const { code = '', statusCode = 0 } = Object(error) as { code?: string; statusCode?: number };
  if (unstorable.has(code)) return of('invalid', 'request.invalid', 'A text has a character that cannot be stored.');
  const known = fastifyProblems[code];
  if (known) return known(maxBodyBytes);
  if (error instanceof SyntaxError && statusCode === 400) return malformed('The body is not valid JSON.');
  const isCallersFault = String(code).startsWith('FST_ERR_') && statusCode >= 400 && statusCode < 500;
  return isCallersFault ? malformed('The request is malformed.') : undefined;
}

const internal = (): Problem => ({
  status: 500,
  code: 'internal',
  title: 'Internal error',
  detail: 'Something went wrong here. The log has more under the request id.',
  isUnexpected: true,
});
