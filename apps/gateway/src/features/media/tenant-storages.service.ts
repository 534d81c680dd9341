import { TenantStorage } from '@app/database/entities/tenant-storage.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { AppError, invalid } from '@app/platform/errors/app-error.js';
import { newId } from '@app/platform/ids/id.js';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import type { MediaStorage } from '@app/platform/storage/media-storage.js';
import { tryStorage } from '@app/platform/storage/storage-trial.js';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { Not, Repository } from 'typeorm';

/** What a tenant says of its bucket. */
export type BucketSettings = Pick<
  TenantStorage,
  'bucket' | 'region' | 'endpoint' | 'prefix' | 'isPathStyle' | 'publicUrl' | 'retentionDays' | 'accessKey'
> & { secretKey: string };

/** A bucket as its tenant sees it. */
export type ShownBucket = Omit<BucketSettings, 'secretKey'> & { updatedAt: Date };

const MOST_OPEN = 100;

/** Buckets of tenants for their own media. Secret keys are sealed; addresses are checked like those of webhooks. */
@Injectable()
export class TenantStoragesService implements OnApplicationShutdown {
  private readonly logger = new Logger(TenantStoragesService.name);
  /** Clients by id and version of the row. */
  private readonly open = new LRUCache<string, MediaStorage>({ max: MOST_OPEN, dispose: (storage) => storage.close() });

  constructor(
    @InjectRepository(TenantStorage) private readonly storages: Repository<TenantStorage>,
    private readonly keys: KeyRing,
    private readonly sockets: OutboundSockets,
    private readonly audit: AuditLog,
  ) {}

  /** Throws `storage.not-found`: the tenant's files are where the installation keeps them. */
  async get({ tenantId }: Pick<Actor, 'tenantId'>): Promise<TenantStorage> {
    const storage = await this.current(tenantId);
    if (!storage) throw new AppError('not-found', 'storage.not-found', 'There is no storage of your own.');
    return storage;
  }

  /** Where new files of a tenant go; null for the storage of the installation. */
  current(tenantId: string): Promise<TenantStorage | null> {
    return this.storages.findOneBy({ tenantId, isCurrent: true });
  }

  /** The bucket in which a file lies; null when it is in the storage of the installation. */
  async of(storageKey: string): Promise<TenantStorage | null> {
    const id = bucketOf(storageKey);
    return id === null ? null : this.storages.findOneBy({ id });
  }

  /** Where the public finds a file; null when nowhere. */
  async publicUrlOf(storageKey: string): Promise<string | null> {
    const bucket = await this.of(storageKey);
    if (!bucket?.publicUrl) return null;
    return `${bucket.publicUrl.replace(/\/+$/, '')}/${bucket.prefix}${storageKey.slice(bucket.id.length + 1)}`;
  }

  /** Has new files put there once it has proved to work. Files that lie elsewhere stay there. */
  async set(actor: Actor, { secretKey, ...settings }: BucketSettings): Promise<TenantStorage> {
    const { tenantId } = actor;
    const before = await this.current(tenantId);
    const isSame = before && placeOf(before) === placeOf(settings);
    const id = isSame ? before.id : newId('storage');
    const sealedSecretKey = this.keys.seal(Buffer.from(secretKey), contextOf(id));
    const storage = this.storages.create({ ...before, ...settings, id, tenantId, isCurrent: true, sealedSecretKey });
    await this.prove(storage);
    return this.storages.manager.transaction(async (tx) => {
      // Of two who do this at once, one waits for the other.
      await tx.query('SELECT FROM tenants WHERE id = $1 FOR UPDATE', [tenantId]);
      await tx.update(TenantStorage, { tenantId, isCurrent: true, id: Not(id) }, { isCurrent: false });
      const saved = await tx.save(storage);
      await this.audit.record(tx, { actor, tenantId, action: 'storage.set', target: id });
      return saved;
    });
  }

  /** New files go where the installation keeps them; those in the bucket can be read there until their time is up. */
  async remove(actor: Actor): Promise<void> {
    const { tenantId } = actor;
    const { id } = await this.get(actor);
    await this.storages.manager.transaction(async (tx) => {
      await tx.update(TenantStorage, { id }, { isCurrent: false });
      await this.audit.record(tx, { actor, tenantId, action: 'storage.remove', target: id });
    });
  }

  /** Throws `storage.unusable`, which says how far it got. */
  async check(actor: Actor): Promise<void> {
    const storage = await this.get(actor);
    await this.prove({ ...storage, ...(await this.sealed(storage.id)) });
  }

  /** The bucket behind an id; null when no file can be there any more. */
  async find(id: string): Promise<MediaStorage | null> {
    const row = await this.storages.findOneBy({ id });
    if (!row) return null;
    const version = `${id} ${row.updatedAt.getTime()}`;
    const known = this.open.get(version);
    if (known) return known;
    const opened = await this.connect({ ...row, ...(await this.sealed(id)) });
    this.open.set(version, opened);
    return opened;
  }

  /** Forgets buckets that are no longer current and empty. */
  async sweep(): Promise<void> {
    await this.storages.query(
      `DELETE FROM tenant_storages s WHERE NOT is_current AND NOT EXISTS (
         SELECT FROM media_files f WHERE f.tenant_id = s.tenant_id AND starts_with(f.storage_key, s.id || '/'))`,
    );
  }

  onApplicationShutdown(): void {
    this.open.clear();
  }

  private async prove(storage: TenantStorage): Promise<void> {
    const connected = await this.connect(storage);
    const trouble = await tryStorage(connected).finally(() => connected.close());
    if (!trouble) return;
    this.logger.warn(`the bucket of ${storage.tenantId} does not work: ${String(trouble.cause)}`);
    throw invalid('storage.unusable', '/bucket', `takes no files: an object could not be ${trouble.step}`);
  }

  /** The client is large and loaded only when somebody has a bucket. */
  private async connect(row: TenantStorage): Promise<MediaStorage> {
    const { id, sealedSecretKey, endpoint, ...settings } = row;
    if (endpoint) this.sockets.assertAllowed(new URL(endpoint).hostname, '/endpoint');
    const { S3Storage } = await import('@app/platform/storage/s3-storage.js');
    const secretKey = this.keys.open(sealedSecretKey, contextOf(id)).toString();
    return new S3Storage({ ...settings, endpoint: endpoint ?? undefined, secretKey, lookup: this.sockets.lookup });
  }

  private sealed(id: string): Promise<Pick<TenantStorage, 'sealedSecretKey'>> {
    return this.storages.findOneOrFail({ where: { id }, select: { sealedSecretKey: true } });
  }
}

/** The id of the bucket that a key begins with; null for the storage of the installation. */
export const bucketOf = (storageKey: string): string | null => /^(sto_[^/]+)\//.exec(storageKey)?.[1] ?? null;

const contextOf = (id: string) => `tenant-storage:${id}`;

const placeOf = ({ bucket, region, endpoint, prefix }: Omit<BucketSettings, 'secretKey'>) =>
  JSON.stringify([bucket, region, endpoint, prefix]);
