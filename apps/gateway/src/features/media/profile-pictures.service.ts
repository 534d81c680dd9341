import { readFile } from 'node:fs/promises';
import type { FileBody } from '@app/platform/http/file-body.js';
import type { MediaSource } from '@app/platform/media/media-kind.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { Injectable } from '@nestjs/common';
import { MediaSourcesService } from './media-sources.service.js';
import type { MediaOwner } from './media-store.service.js';
import { TranscoderService } from './transcoding/transcoder.service.js';

/** How a picture is refused, for `@Endpoint`. */
export const pictureFails = [
  'invalid:media.empty',
  'invalid:media.wrong-kind',
  'invalid:media.unreadable',
  'invalid:media.too-many-pixels',
  'invalid:media.one-source',
  'invalid:media.not-base64',
  'invalid:media.fetch-failed',
  'too-large:media.too-large',
  'too-large:media.body-too-large',
  'unavailable:media.busy',
  'media.not-found',
];

/** Pictures of people, groups and newsletters. They are no files of the library. */
@Injectable()
export class ProfilePicturesService {
  constructor(
    private readonly sources: MediaSourcesService,
    private readonly transcoder: TranscoderService,
    private readonly scratch: Scratch,
  ) {}

  /** The picture in the body of a request as the square JPEG that WhatsApp takes. Throws what a refused file throws. */
  async read(owner: MediaOwner, body: FileBody): Promise<Buffer> {
    if (!body.isForm) return this.make(owner, await body.json());
    return this.sources.receive(body.announcedBytes, async (take) =>
      this.make(owner, { upload: await body.form(take) }),
    );
  }

  /** The same of a picture from elsewhere. */
  async make(owner: MediaOwner, source: MediaSource): Promise<Buffer> {
    return this.scratch.use(async (folder) => {
      const draft = await this.sources.fetch(owner, source, folder);
      return readFile((await this.transcoder.prepare(draft, 'picture', {}, folder)).path);
    });
  }
}
