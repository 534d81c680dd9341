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

const takes: Record<string, string> = {
  image: 'a picture: JPEG, PNG, WebP, GIF, AVIF or TIFF',
  picture: 'a picture: JPEG, PNG, WebP, GIF, AVIF or TIFF',
  video: 'a video: MP4, MOV, WebM, MKV, AVI, MPEG or 3GP',
  gif: 'a GIF, an animated WebP or a video',
  'video-note': 'a video: MP4, MOV, WebM, MKV, AVI, MPEG or 3GP',
  audio: 'a file with sound: MP3, M4A, AAC, OGG, WAV, FLAC, AMR or a video',
  voice: 'a file with sound: MP3, M4A, AAC, OGG, WAV, FLAC, AMR or a video',
  sticker: 'a picture or a short video: JPEG, PNG, WebP, GIF, AVIF, MP4, MOV or WebM',
};

/** By its bytes the file is something else than what it is to be sent as. */
export const wrongKind = (kind: string, mimeType: string): AppError =>
  new AppError(
    'invalid',
    'media.wrong-kind',
    `To be sent as ${kind} the file must be ${takes[kind]}, not ${mimeType}.`,
  );

export const unreadable = (cause?: unknown): AppError =>
  new AppError('invalid', 'media.unreadable', 'The file cannot be read: it is broken, or of a variety nobody knows.', {
    cause,
  });

export const tooManyPixels = (limit: number): AppError =>
  new AppError(
    'invalid',
    'media.too-many-pixels',
    `The picture has too many pixels; the limit for its format is ${limit / 1e6} million.`,
  );

export const tooSlow = (seconds: number): AppError =>
  new AppError('invalid', 'media.too-slow', `To convert the file takes longer than ${seconds} s, the limit.`);
