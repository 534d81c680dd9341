import type { Readable } from 'node:stream';
import { type MediaFile, type MediaOrigin } from '@app/database/entities/media-file.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, notFound } from '@app/platform/errors/app-error.js';
import type { ByteRange } from '@app/platform/storage/media-storage.js';
import { MediaStorage } from '@app/platform/storage/media-storage.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { Injectable } from '@nestjs/common';
import { type Draft, MediaIntakeService } from './media-intake.service.js';
import type { MediaKind, MediaOptions, MediaSource } from './media-kind.js';
import { MediaLinksService } from './media-links.service.js';
import { MediaStoreService } from './media-store.service.js';

/** Whose library it is: an actor, or whatever else knows the tenant. */
type Owner = Pick<Actor, 'tenantId'>;

/** The media library: files in, prepared for sending, and out again. */
@Injectable()
export class MediaService {
  constructor(
    private readonly intake: MediaIntakeService,
    private readonly rows: MediaStoreService,
    private readonly storage: MediaStorage,
    private readonly scratch: Scratch,
    private readonly links: MediaLinksService,
  ) {}

  /**
   * Fetches a file, checks that it is what it is to be sent as, prepares it and keeps the result. What was prepared
   * before is used again. Refusals leave nothing behind; their codes start with `media.`.
   */
  async import(owner: Owner, source: MediaSource, kind: MediaKind, _options: MediaOptions = {}): Promise<MediaFile> {
    return this.scratch.use(async (folder) => {
      const draft = await this.fetch(owner, source, folder);
      const file = { ...draft, tenantId: owner.tenantId, sourceSha256: draft.sha256, variant: kind };
      const origin: MediaOrigin = 'url' in source ? 'url' : 'mediaId' in source ? 'derived' : 'upload';
      return (await this.rows.reuse(file)) ?? this.rows.keep({ ...file, origin, facts: {} });
    });
  }

  /** Keeps a file as it comes, such as an incoming one; what it claims to be is believed only where bytes say nothing. */
  async store(
    tenantId: string,
    content: Readable,
    { origin, ...claims }: { mimeType?: string | null; fileName?: string | null; origin: MediaOrigin },
  ): Promise<MediaFile> {
    return this.scratch.use(async (folder) => {
      const draft = await this.intake.fromStream(content, folder, claims);
      const file = { ...draft, tenantId, sourceSha256: draft.sha256, variant: '' };
      return (await this.rows.reuse(file)) ?? this.rows.keep({ ...file, origin, facts: {} });
    });
  }

  /** Removes a file at once, before its time. */
  async remove(owner: Owner, id: string): Promise<void> {
    await this.get(owner, id);
    await this.rows.remove([id]);
  }

  /** A link that opens the file without a token until it expires; absolute when PUBLIC_URL is set. */
  linkTo(file: MediaFile): string {
    return this.links.linkTo(file.id);
  }

  async get(owner: Owner, id: string): Promise<MediaFile> {
    const file = await this.rows.files.findOneBy({ id, tenantId: owner.tenantId, status: 'ready' });
    if (!file) throw notFound('media', id);
    return file;
  }

  /** The content; whoever asks must read or destroy the stream. Throws `media.gone` when the object is lost. */
  async open(file: MediaFile, range?: ByteRange): Promise<Readable> {
    const content = await this.storage.open(file.storageKey, range);
    if (!content) throw new AppError('not-found', 'media.gone', 'The content of this file is gone.');
    return content;
  }

  private async fetch(owner: Owner, source: MediaSource, folder: string): Promise<Draft> {
    const { fileName } = source;
    if ('url' in source) return this.intake.fromUrl(source.url, folder, fileName);
    if ('data' in source) return this.intake.fromData(source.data, folder, fileName);
    const file = await this.get(owner, source.mediaId);
    const claims = { mimeType: file.mimeType, fileName: fileName ?? file.fileName };
    return this.intake.fromStream(await this.open(file), folder, claims);
  }
}
