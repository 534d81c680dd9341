import type { MediaSource } from '@app/platform/media/media-kind.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { Injectable } from '@nestjs/common';
import { MediaSourcesService } from './media-sources.service.js';
import type { MediaOwner } from './media-store.service.js';
import { type ThumbnailFormat, TranscoderService } from './transcoding/transcoder.service.js';

/** Pictures that travel inside of a message. They are no files of the library. */
@Injectable()
export class ThumbnailsService {
  constructor(
    private readonly sources: MediaSourcesService,
    private readonly transcoder: TranscoderService,
    private readonly scratch: Scratch,
  ) {}

  /** A small picture of another one. Throws what a file that is refused throws. */
  async make(owner: MediaOwner, source: MediaSource, format: ThumbnailFormat): Promise<Buffer> {
    return this.scratch.use(async (folder) => {
      const draft = await this.sources.fetch(owner, source, folder);
      return this.transcoder.thumbnail(draft, format, source.pointer ?? '');
    });
  }
}
