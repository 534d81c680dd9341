import { stat } from 'node:fs/promises';
import { Config } from '@app/platform/config/config.js';
import { invalid, unavailable } from '@app/platform/errors/app-error.js';
import type { MediaKind, MediaOptions } from '@app/platform/media/media-kind.js';
import { Injectable } from '@nestjs/common';
import { tooLarge } from '../media-errors.js';
import type { Draft } from '../media-intake.service.js';
import { prepareAudio, prepareVoice } from './audio.js';
import { prepareDocument } from './document.js';
import { FfmpegService } from './ffmpeg.service.js';
import { measure, pictures, prepareImage, preparePicture, smallPngOf, thumbnailOf } from './picture.js';
import type { Prepared, Recipe } from './recipe.js';
import { prepareSticker } from './sticker.js';
import { prepareGif, prepareVideo, prepareVideoNote } from './video.js';

const AT_ONCE = 2;
const MOST_WAITING = 200;

const recipes: Record<MediaKind, Recipe> = {
  image: prepareImage,
  picture: preparePicture,
  video: prepareVideo,
  gif: prepareGif,
  'video-note': prepareVideoNote,
  audio: prepareAudio,
  voice: prepareVoice,
  document: prepareDocument,
  sticker: prepareSticker,
};

/** What the small picture of a message is: stickers have another one. */
export type ThumbnailFormat = 'jpeg' | 'png';

/** Makes files into what WhatsApp's apps show, two at a time: more would slow the messages down. */
@Injectable()
export class TranscoderService {
  private working = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly ffmpeg: FfmpegService,
    private readonly config: Config,
  ) {}

  /** Throws `media.wrong-kind`, `media.unreadable` and the like; `media.busy` when too many are waiting. */
  async prepare(draft: Draft, kind: MediaKind, options: MediaOptions, folder: string): Promise<Prepared> {
    const maxBytes = this.config.mediaMaxBytes;
    await this.turn();
    try {
      const prepared = await recipes[kind](draft, { ffmpeg: this.ffmpeg, folder, options, maxBytes });
      if ((await stat(prepared.path)).size > maxBytes) throw tooLarge(maxBytes, undefined, 'converted file');
      return prepared;
    } finally {
      this.release();
    }
  }

  /** A small picture of a picture; `pointer` names the field that it came in. */
  async thumbnail({ path, mimeType }: Draft, format: ThumbnailFormat, pointer: string): Promise<Buffer> {
    if (!pictures.includes(mimeType))
      throw invalid('media.wrong-kind', pointer, 'must be a picture: JPEG, PNG, WebP, GIF, AVIF or TIFF');
    await this.turn();
    try {
      await measure(path);
      return await (format === 'png' ? smallPngOf(path) : thumbnailOf(path));
    } finally {
      this.release();
    }
  }

  private release(): void {
    this.working -= 1;
    this.waiting.shift()?.();
  }

  private async turn(): Promise<void> {
    if (this.waiting.length >= MOST_WAITING)
      throw unavailable('media.busy', 'Too many files are being converted; try again in a while.');
    if (this.working >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.working += 1;
  }
}

/** Names what a file is made into, so that the same is not made twice. */
export function variantOf(kind: MediaKind | null, { compress, sticker }: MediaOptions): string {
  if ((kind === 'image' || kind === 'video') && compress) return `${kind}:compressed`;
  if (kind !== 'sticker') return kind ?? '';
  const { shape = 'full', quality, pack, author } = sticker ?? {};
  return `sticker:${JSON.stringify([shape, quality ?? null, pack ?? null, author ?? null])}`;
}
