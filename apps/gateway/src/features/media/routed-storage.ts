import type { Readable } from 'node:stream';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { type ByteRange, MediaStorage, SharedStorage } from '@app/platform/storage/media-storage.js';
import { Injectable, Logger } from '@nestjs/common';
import { bucketOf, TenantStoragesService } from './tenant-storages.service.js';

/** Finds a file where its key says that it is: `sto_…/ten_…/med_…` in a tenant's bucket, other keys in the shared storage. */
@Injectable()
export class RoutedStorage extends MediaStorage {
  private readonly logger = new Logger(RoutedStorage.name);

  constructor(
    private readonly shared: SharedStorage,
    private readonly tenants: TenantStoragesService,
  ) {
    super();
  }

  override async put(key: string, content: Readable): Promise<void> {
    await this.on(key, async (storage, rest) => {
      if (!storage) throw new Error('there is no such storage');
      await storage.put(rest, content);
    });
  }

  override open(key: string, range?: ByteRange): Promise<Readable | null> {
    return this.on(key, async (storage, rest) => (await storage?.open(rest, range)) ?? null);
  }

  override stat(key: string): Promise<{ sizeBytes: number } | null> {
    return this.on(key, async (storage, rest) => (await storage?.stat(rest)) ?? null);
  }

  /** What a tenant's bucket does not let us remove is left to the tenant, or it would hold up everybody's sweep. */
  override async remove(keys: string[]): Promise<void> {
    const owned = keys.filter((key) => bucketOf(key));
    await this.shared.remove(keys.filter((key) => !bucketOf(key)));
    for (const key of owned)
      await this.on(key, async (storage, rest) => storage?.remove([rest])).catch(() =>
        this.logger.warn(`a file is left in the bucket ${bucketOf(key)}`),
      );
  }

  override close(): void {
    this.shared.close();
  }

  private async on<T>(key: string, work: (storage: MediaStorage | null, rest: string) => Promise<T>): Promise<T> {
    const id = bucketOf(key);
    if (!id) return work(this.shared, key);
    try {
      return await work(await this.tenants.find(id), key.slice(id.length + 1));
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unavailable('media.storage-failed', 'The storage of the tenant does not work at the moment.', error);
    }
  }
}
