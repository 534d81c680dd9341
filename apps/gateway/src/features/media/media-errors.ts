import { AppError, invalid, type FieldProblem } from '@app/platform/errors/app-error.js';

/** The file is larger than what is taken; `pointer` names the field it came in. */
export const tooLarge = (maxBytes: number, pointer?: string, what = 'file'): AppError =>
  new AppError('too-large', 'media.too-large', `The ${what} is larger than ${maxBytes} bytes, the limit.`, {
    errors: fieldProblem(pointer, `must be a file of at most ${maxBytes} bytes`),
  });

export const isEmpty = (pointer = ''): AppError => invalid('media.empty', pointer, 'The file is empty.');

/** One sentence for whatever went wrong on the way, or a URL could be used to explore the network. */
export const fetchFailed = (pointer: string, cause?: unknown): AppError =>
  new AppError(
    'invalid',
    'media.fetch-failed',
    'The URL did not give a file: it must lead to a public address by http or https, and answer in time.',
    { errors: [{ pointer, detail: 'must be a URL of a file that anybody can download' }], cause },
  );

/** A public server that answers something else than a file may be quoted. */
export const fetchRefused = (pointer: string, status: number): AppError =>
  invalid('media.fetch-failed', pointer, `The server of the URL answered ${status} in place of a file.`);

const fieldProblem = (pointer: string | undefined, detail: string): FieldProblem[] | undefined =>
  pointer === undefined ? undefined : [{ pointer, detail }];
