import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { MediaFile, type MediaOrigin } from '@app/database/entities/media-file.entity.js';
import type { TenantStorage } from '@app/database/entities/tenant-storage.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { AppError, notFound, unavailable } from '@app/platform/errors/app-error.js';
import { newId } from '@app/platform/ids/id.js';
import { type ByteRange, MediaStorage } from '@app/platform/storage/media-storage.js';
import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository } from 'typeorm';
import type { Draft } from './media-intake.service.js';
import { TenantStoragesService } from './tenant-storages.service.js';

/** What is known of the content beyond its type and size. */
export type MediaFacts = Partial<
  Pick<MediaFile, 'width' | 'height' | 'seconds' | 'isAnimated' | 'pageCount' | 'waveform' | 'thumbnail'>
>;

/** Whose library it is: an actor, or whatever else knows the tenant. */
export type MediaOwner = Pick<Actor, 'tenantId'> & Partial<Actor>;

/** Who put a file in, where that limits who sees it. */
export const uploaderOf = ({ role, userId }: MediaOwner): string | null =>
  role === undefined || role === 'owner' ? null : (userId ?? '');

/** Staff see no other files than their own: others may be of sessions that are not shared with them. */
export function visibleTo(owner: MediaOwner): { tenantId: string; uploadedBy?: string } {
  const uploadedBy = uploaderOf(owner);
  return { tenantId: owner.tenantId, ...(uploadedBy !== null && { uploadedBy }) };
}

/** A file that is ready to be kept. */
export interface Keepable extends Draft {
  tenantId: string;
  uploadedBy: string | null;
  origin: MediaOrigin;
  sourceSha256: string;
  variant: string;
  facts: MediaFacts;
}

const DAY_MS = 24 * 3_600_000;

/** Rows of media and the objects behind them. The row is `pending` before its object is written: nothing is orphaned. */
@Injectable()
export class MediaStoreService {
  private readonly logger = new Logger('Media');

  constructor(
    @InjectRepository(MediaFile) readonly files: Repository<MediaFile>,
    private readonly storage: MediaStorage,
    private readonly tenants: TenantStoragesService,
    private readonly presence: ProcessPresence,
    private readonly audit: AuditLog,
    private readonly config: Config,
  ) {}

  async get(owner: MediaOwner, id: string): Promise<MediaFile> {
    const file = await this.files.findOneBy({ ...visibleTo(owner), id, status: 'ready' });
    if (!file) throw notFound('media', id);
    return file;
  }

  /** The content; whoever asks must read or destroy the stream. Throws `media.gone` when it was lost. */
  async open(file: MediaFile, range?: ByteRange): Promise<Readable> {
    const content = await this.storage.open(file.storageKey, range);
    if (!content) throw new AppError('not-found', 'media.gone', 'The content of this file is gone.');
    return content;
  }

  /** A file that was made from this content before, and is now used again. */
  async reuse(
    what: Pick<MediaFile, 'tenantId' | 'uploadedBy' | 'sourceSha256' | 'variant' | 'fileName'> & { isNamed: boolean },
  ): Promise<MediaFile | null> {
    const { tenantId, uploadedBy, sourceSha256, variant } = what;
    const named = what.isNamed && { fileName: what.fileName ?? IsNull() };
    const own = uploadedBy !== null && { uploadedBy };
    const where = { tenantId, ...own, sourceSha256, variant, ...named, status: 'ready' as const };
    const known = await this.files.findOne({ where, order: { id: 'DESC' } });
    if (!known) return null;
    if (await this.storage.stat(known.storageKey)) return this.use(known);
    // Lost, perhaps with a disk: made anew from the source that the caller has.
    await this.remove([known.id]);
    return null;
  }

  /** Notes that a file is used, which keeps it for another while; null when it was removed in the meantime. */
  async use(file: MediaFile): Promise<MediaFile | null> {
    const lastUsedAt = new Date();
    const expiresAt = this.expiry(lastUsedAt, await this.tenants.of(file.storageKey));
    const { affected } = await this.files.update({ id: file.id, status: 'ready' }, { lastUsedAt, expiresAt });
    return affected ? { ...file, lastUsedAt, expiresAt } : null;
  }

  async keep(file: Keepable): Promise<MediaFile> {
    const row = await this.insert(file);
    const isThere = row.status === 'ready' && (await this.storage.stat(row.storageKey)) !== null;
    if (isThere) return row;
    try {
      await this.storage.put(row.storageKey, createReadStream(file.path));
      if (row.status === 'ready') return row;
    } catch (error) {
      this.logger.warn(`a file could not be stored: ${(error as Error).message}`);
      if (row.status === 'pending') await this.discard(row);
      throw unavailable('media.storage-failed', 'The file could not be stored; try again.', error);
    }
    const { affected } = await this.files.update({ id: row.id, status: 'pending' }, { status: 'ready', owner: null });
    if (affected) return { ...row, status: 'ready', owner: null };
    // Taken for the leftover of a dead process, which happens while the database is out of reach.
    await this.discard(row);
    throw unavailable('media.storage-failed', 'The file could not be stored; try again.');
  }

  /** Removes a file on somebody's order. */
  async removeFor(actor: Actor, { id }: MediaFile): Promise<void> {
    const { tenantId } = actor;
    await this.files.manager.transaction(async (tx) => {
      const { affected } = await tx.update(MediaFile, { id, tenantId, status: 'ready' }, { status: 'removed' });
      if (!affected) throw notFound('media', id);
      await this.audit.record(tx, { actor, tenantId, action: 'media.delete', target: id });
    });
    await this.clear([id]);
  }

  /** Removes a file that was made for nothing, unless somebody else has used it since. */
  async takeBack({ id, lastUsedAt }: MediaFile): Promise<void> {
    const unused = { id, lastUsedAt, status: 'ready' as const };
    const { affected } = await this.files.update(unused, { status: 'removed', owner: null });
    if (affected) await this.clear([id]);
  }

  /** Removes rows, and objects that no other row needs. What a crash leaves half-done the sweeper does. */
  async remove(ids: string[]): Promise<void> {
    await this.files.update({ id: In(ids) }, { status: 'removed', owner: null });
    await this.clear(ids);
  }

  /** Second half of a removal: the objects, then the rows. Both can be repeated. */
  async clear(ids: string[]): Promise<void> {
    if (!ids.length) return;
    const unshared = await this.files.query<{ key: string }[]>(
      `SELECT DISTINCT storage_key AS key FROM media_files gone WHERE id = ANY($1) AND status = 'removed'
        AND NOT EXISTS (SELECT FROM media_files other WHERE other.storage_key = gone.storage_key AND other.status <> 'removed')`,
      [ids],
    );
    await this.storage.remove(unshared.map(({ key }) => key));
    await this.files.query(`DELETE FROM media_files WHERE id = ANY($1) AND status = 'removed'`, [ids]);
  }

  /**
   * A pending row with a key of its own, or a ready one that shares the object of equal content. The lock on the shared
   * row makes its removal wait, which then sees that the object is still needed.
   */
  private async insert(file: Keepable): Promise<MediaFile> {
    const now = new Date();
    const id = newId('media');
    const { tenantId } = file;
    const bucket = await this.tenants.current(tenantId);
    const folder = bucket ? `${bucket.id}/${tenantId}/` : `${tenantId}/`;
    return this.files.manager.transaction(async (tx) => {
      const [equal] = await tx.query<{ key: string }[]>(
        `SELECT storage_key AS key FROM media_files
          WHERE tenant_id = $1 AND sha256 = $2 AND status = 'ready' AND starts_with(storage_key, $3) LIMIT 1 FOR SHARE`,
        [tenantId, file.sha256, folder],
      );
      return tx.save(
        tx.create(MediaFile, {
          ...file,
          ...file.facts,
          id,
          status: equal ? 'ready' : 'pending',
          storageKey: equal?.key ?? `${folder}${id}`,
          owner: equal ? null : this.presence.id,
          lastUsedAt: now,
          expiresAt: this.expiry(now, bucket),
        }),
      );
    });
  }

  /** Of a pending row, whose key nobody else has. A failure here is the sweeper's to repair. */
  private async discard({ id, storageKey }: MediaFile): Promise<void> {
    await this.storage.remove([storageKey]).catch(() => undefined);
    await this.remove([id]).catch(() => undefined);
  }

  private expiry(from: Date, bucket: TenantStorage | null): Date {
    return new Date(from.getTime() + (bucket?.retentionDays ?? this.config.mediaRetentionDays) * DAY_MS);
  }
}
