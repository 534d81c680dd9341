import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { MediaStorage, type ByteRange } from './media-storage.js';

export interface S3Settings {
  bucket: string;
  region: string;
  /** Of a server other than Amazon's. */
  endpoint?: string;
  accessKey?: string;
  secretKey?: string;
  /** Before every key, as in `media/`. */
  prefix: string;
  /** `endpoint/bucket/key` in place of `bucket.endpoint/key`. */
  isPathStyle: boolean;
  /** For a bucket that a caller chose: finds public addresses alone. */
  lookup?: LookupFunction;
}

/** Two parts of this size are in memory for each file that is being stored. */
const PART_BYTES = 5 * 1024 * 1024;
const CONNECTIONS = 50;
const TIMEOUTS = { connectionTimeout: 10_000, requestTimeout: 60_000 };

/** Media as private objects in a bucket of S3 or of a server that speaks its protocol. */
export class S3Storage extends MediaStorage {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;

  constructor(settings: S3Settings) {
    super();
    this.client = new S3Client(clientConfig(settings));
    this.bucket = settings.bucket;
    this.prefix = settings.prefix;
  }

  override async put(key: string, content: Readable): Promise<void> {
    const params = { ...this.at(key), Body: content };
    await new Upload({ client: this.client, params, queueSize: 2, partSize: PART_BYTES }).done();
  }

  override async open(key: string, range?: ByteRange): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const answer = await this.client.send(new GetObjectCommand({ ...this.at(key), Range })).catch(unlessAbsent);
    return (answer?.Body as Readable | undefined) ?? null;
  }

  override async stat(key: string): Promise<{ sizeBytes: number } | null> {
    const answer = await this.client.send(new HeadObjectCommand(this.at(key))).catch(unlessAbsent);
    return answer && { sizeBytes: answer.ContentLength ?? 0 };
  }

  /** One by one: not every server takes a list. */
  override async remove(keys: string[]): Promise<void> {
    for (const key of keys) await this.client.send(new DeleteObjectCommand(this.at(key))).catch(unlessAbsent);
  }

  override close(): void {
    this.client.destroy();
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${key}` };
  }
}

function clientConfig({ region, endpoint, isPathStyle, accessKey, secretKey, lookup }: S3Settings): S3ClientConfig {
  return {
    region,
    endpoint,
    forcePathStyle: isPathStyle,
    requestHandler: { ...TIMEOUTS, ...(lookup && pinned(lookup)) },
    // Servers other than Amazon's do not know the checksums that the client adds by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(accessKey && secretKey && { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } }),
  };
}

function pinned(lookup: LookupFunction) {
  const options = { keepAlive: true, maxSockets: CONNECTIONS, lookup };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

function unlessAbsent(error: Error & { $metadata?: { httpStatusCode?: number } }): null {
  if (error.$metadata?.httpStatusCode === 404) return null;
  throw error;
}
