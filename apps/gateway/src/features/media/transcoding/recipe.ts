import type { MediaOptions } from '@app/platform/media/media-kind.js';
import type { Draft } from '../media-intake.service.js';
import type { MediaFacts } from '../media-store.service.js';
import type { FfmpegService } from './ffmpeg.service.js';

/** What a recipe works with. */
export interface Kitchen {
  ffmpeg: FfmpegService;
  /** For files in between and the result. */
  folder: string;
  options: MediaOptions;
  maxBytes: number;
}

/** A file as it can be sent; with the path of the draft when nothing had to be changed. */
export interface Prepared {
  path: string;
  mimeType: string;
  facts: MediaFacts;
}

/** Makes a file into what one kind of message needs. */
export type Recipe = (draft: Draft, kitchen: Kitchen) => Promise<Prepared>;
