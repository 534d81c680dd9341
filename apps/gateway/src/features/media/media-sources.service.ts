import { invalid } from '@app/platform/errors/app-error.js';
import type { UploadedFile } from '@app/platform/http/upload.js';
import type { MediaSource, ReceivedFile } from '@app/platform/media/media-kind.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { Injectable } from '@nestjs/common';
import { type Draft, MediaIntakeService } from './media-intake.service.js';
import { type MediaOwner, MediaStoreService } from './media-store.service.js';

/** Files on their way in, wherever they come from: each into a scratch folder, looked at but not changed. */
@Injectable()
export class MediaSourcesService {
  constructor(
    private readonly intake: MediaIntakeService,
    private readonly rows: MediaStoreService,
    private readonly scratch: Scratch,
  ) {}

  async fetch(owner: MediaOwner, source: MediaSource, folder: string): Promise<Draft> {
    const { url, data, mediaId, upload, fileName, pointer = '' } = source;
    if ([url, data, mediaId, upload].filter((given) => given !== undefined).length !== 1)
      throw invalid('media.one-source', pointer, 'must have exactly one of url, data and mediaId');
    if (upload) return { ...upload, fileName: fileName ?? upload.fileName };
    if (url !== undefined) return this.intake.fromUrl(url, folder, { fileName, pointer: `${pointer}/url` });
    if (data !== undefined) return this.intake.fromData(data, folder, { fileName, pointer: `${pointer}/data` });
    const file = await this.rows.get(owner, mediaId ?? '');
    const claims = { mimeType: file.mimeType, fileName: fileName ?? file.fileName, pointer: `${pointer}/mediaId` };
    return this.intake.fromStream(await this.rows.open(file), folder, claims);
  }

  /** Has `work` take the file of a form with `take`; the file is gone when `work` ends. */
  async receive<T>(
    announcedBytes: number | null,
    work: (take: (file: UploadedFile) => Promise<ReceivedFile>) => Promise<T>,
  ): Promise<T> {
    this.intake.assertFits(announcedBytes);
    return this.scratch.use((folder) =>
      work(async ({ content, ...claims }) => {
        const draft = await this.intake.fromStream(content, folder, { ...claims, pointer: '/file' });
        const { sha256, fileName } = draft;
        return { ...draft, toJSON: () => ({ sha256, fileName }) };
      }),
    );
  }
}
