import { join } from 'node:path';
import type { FactoryProvider } from '@nestjs/common';
import { Config } from '../config/config.js';
import { DiskStorage } from './disk-storage.js';
import { SharedStorage } from './media-storage.js';

/** A bucket when one is configured, else the disk. The client for buckets is large and loaded only when it is needed. */
export const sharedStorage: FactoryProvider<SharedStorage> = {
  provide: SharedStorage,
  inject: [Config],
  useFactory: async (config: Config) => {
    const { mediaS3Bucket: bucket } = config;
    if (bucket === undefined) return new DiskStorage(join(config.dataDir, 'media'));
    const { S3Storage } = await import('./s3-storage.js');
    return new S3Storage({
      bucket,
      region: config.mediaS3Region,
      endpoint: config.mediaS3Endpoint,
      accessKey: config.mediaS3AccessKey,
      secretKey: config.mediaS3SecretKey,
      prefix: config.mediaS3Prefix ?? '',
      isPathStyle: config.mediaS3PathStyle,
    });
  },
};
