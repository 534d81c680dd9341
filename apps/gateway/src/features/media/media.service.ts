import type { Readable } from 'node:stream';
import type { MediaFile, MediaOrigin } from '@app/database/entities/media-file.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '@app/platform/http/page.js';
import type { Content } from '@app/platform/http/serve-content.js';
import type { Upload } from '@app/platform/http/upload.js';
import type { ByteRange } from '@app/platform/storage/media-storage.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import type { MediaKind, MediaOptions, MediaSource } from '@app/platform/media/media-kind.js';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { renamed, tidyName } from './file-name.js';
import { type Draft, MediaIntakeService, remeasured } from './media-intake.service.js';
import { MediaLinksService } from './media-links.service.js';
import { MediaSourcesService } from './media-sources.service.js';
import { type MediaOwner as Owner, MediaStoreService, uploaderOf, visibleTo } from './media-store.service.js';
import { TranscoderService, variantOf } from './transcoding/transcoder.service.js';
import { UploadMediaDto } from './media.dto.js';

/** A file of the library, and whether it was made just now rather than used again. */
export interface ObtainedFile {
  file: MediaFile;
  isNew: boolean;
}

/** The media library: files in, prepared for sending, and out again. */
@Injectable()
export class MediaService {
  private readonly preparing = new Map<string, Promise<MediaFile>>();

  constructor(
    private readonly intake: MediaIntakeService,
    private readonly rows: MediaStoreService,
    private readonly sources: MediaSourcesService,
    private readonly scratch: Scratch,
    private readonly links: MediaLinksService,
    private readonly transcoder: TranscoderService,
  ) {}

  /**
   * Fetches a file, checks that it is what it is to be sent as, prepares it and keeps the result; with null for a kind
   * it is kept as it is. What was prepared before is used again. Refusals leave nothing behind.
   */
  async import(
    owner: Owner,
    source: MediaSource,
    kind: MediaKind | null,
    options: MediaOptions = {},
  ): Promise<MediaFile> {
    return (await this.obtain(owner, source, kind, options)).file;
  }

  /** The same, for those who may want to `takeBack` what they needed it for. */
  async obtain(
    owner: Owner,
    source: MediaSource,
    kind: MediaKind | null,
    options: MediaOptions = {},
  ): Promise<ObtainedFile> {
    const order: Order = { kind, options, origin: source.url === undefined ? 'upload' : 'url' };
    const known = source.mediaId === undefined ? null : await this.prepared(owner, source, order);
    if (known) return { file: known, isNew: false };
    return this.scratch.use(async (folder) => {
      const draft = await this.sources.fetch(owner, source, folder);
      return this.prepare(owner, draft, order, folder);
    });
  }

  /** Removes new files that turned out not to be needed, unless somebody else uses them by now. */
  async takeBack(files: MediaFile[]): Promise<void> {
    for (const file of files) await this.rows.takeBack(file);
  }

  /** Takes the file of a multipart body. */
  async upload(owner: Owner, upload: Upload): Promise<MediaFile> {
    this.intake.assertFits(upload.announcedBytes);
    return this.scratch.use(async (folder) => {
      const { taken, fields } = await upload.read(UploadMediaDto, ({ content, ...claims }) =>
        this.intake.fromStream(content, folder, { ...claims, pointer: '/file' }),
      );
      const draft = { ...taken, fileName: tidyName(fields.fileName) ?? taken.fileName };
      const options = UploadMediaDto.options(fields);
      return (await this.prepare(owner, draft, { kind: fields.kind ?? null, options, origin: 'upload' }, folder)).file;
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
      return (await this.prepare({ tenantId }, draft, { kind: null, options: {}, origin }, folder)).file;
    });
  }

  get(owner: Owner, id: string): Promise<MediaFile> {
    return this.rows.get(owner, id);
  }

  /** The newest first. */
  async list(owner: Owner, { limit, cursor, origin }: PageQuery & { origin?: MediaOrigin }): Promise<Page<MediaFile>> {
    const [before] = decodeCursor(cursor) ?? [];
    const where = {
      ...visibleTo(owner),
      status: 'ready' as const,
      ...(origin && { origin }),
      ...(before !== undefined && { id: LessThan(before) }),
    };
    const rows = await this.rows.files.find({ where, order: { id: 'DESC' }, take: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }

  /** Removes a file before its time. */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.rows.removeFor(actor, await this.get(actor, id));
  }

  /** The content; whoever asks must read or destroy the stream. Throws `media.gone` when it was lost. */
  open(file: MediaFile, range?: ByteRange): Promise<Readable> {
    return this.rows.open(file, range);
  }

  contentOf(file: MediaFile): Content {
    const { mimeType, sizeBytes, sha256, fileName } = file;
    return { mimeType, sizeBytes, hash: sha256, fileName, open: (range) => this.open(file, range) };
  }

  /** A link that opens the file without a token until it expires; absolute when PUBLIC_URL is set. */
  linkTo({ id }: Pick<MediaFile, 'id'>): string {
    return this.links.linkTo(id);
  }

  /** The file behind a signed link. A wrong link is answered like one to a file that does not exist. */
  async linked(id: string, expires = '', signature = ''): Promise<MediaFile> {
    const file = this.links.isValid(id, expires, signature)
      ? await this.rows.files.findOneBy({ id, status: 'ready' })
      : null;
    if (!file) throw notFound('media', id);
    return file;
  }

  /** A file of the library that was prepared before need not even be read. */
  private async prepared(owner: Owner, { mediaId = '', fileName, url, data, upload }: MediaSource, order: Order) {
    if ((url ?? data ?? upload) !== undefined) return null;
    const file = await this.get(owner, mediaId);
    if (order.kind === null && fileName === undefined) return this.rows.use(file);
    return this.rows.reuse(wanted(owner, { sha256: file.sha256, fileName: fileName ?? file.fileName }, order));
  }

  /** Of several callers who want the same at the same moment, one works and the others wait for it. */
  private async prepare(owner: Owner, draft: Draft, order: Order, folder: string): Promise<ObtainedFile> {
    const wants = wanted(owner, draft, order);
    const known = await this.rows.reuse(wants);
    if (known) return { file: known, isNew: false };
    const key = JSON.stringify(wants);
    const running = this.preparing.get(key);
    if (running) {
      // Whoever made it may have taken it back already.
      const shared = await this.rows.use(await running);
      return shared ? { file: shared, isNew: false } : this.prepare(owner, draft, order, folder);
    }
    const work = this.make(owner, draft, order, folder).finally(() => this.preparing.delete(key));
    this.preparing.set(key, work);
    return { file: await work, isNew: true };
  }

  private async make(owner: Owner, draft: Draft, order: Order, folder: string): Promise<MediaFile> {
    const { kind, options, origin } = order;
    const file = { ...draft, ...wanted(owner, draft, order), origin, facts: {} };
    if (kind === null) return this.rows.keep(file);
    const prepared = await this.transcoder.prepare(draft, kind, options, folder);
    if (prepared.path === draft.path) return this.rows.keep({ ...file, ...prepared });
    const made = await remeasured(prepared.path);
    const fileName = renamed(draft.fileName, prepared.mimeType);
    return this.rows.keep({ ...file, ...prepared, ...made, fileName, origin: 'derived' });
  }
}

interface Order {
  kind: MediaKind | null;
  options: MediaOptions;
  origin: MediaOrigin;
}

/** Only where a message shows the name do two names make two files. */
const wanted = (owner: Owner, { sha256, fileName }: Pick<Draft, 'sha256' | 'fileName'>, { kind, options }: Order) => ({
  tenantId: owner.tenantId,
  uploadedBy: uploaderOf(owner),
  sourceSha256: sha256,
  variant: variantOf(kind, options),
  isNamed: kind === null || kind === 'document',
  fileName,
});
