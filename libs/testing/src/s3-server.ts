import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Server {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => Server;

/** A real server of the S3 protocol with one bucket, on a folder that goes with it. */
export async function anS3Server(bucket = 'media') {
  const directory = mkdtempSync(join(tmpdir(), 'switchboard-s3-'));
  const options = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: bucket }] };
  const server = new S3rver(options);
  const { port } = await server.run();
  const at = { bucket, endpoint: `http://127.0.0.1:${port}`, accessKey: 'S3RVER', secretKey: 'S3RVER' };
  return {
    ...at,
    /** Makes it the media storage of an installation. */
    config: {
      mediaS3Bucket: at.bucket,
      mediaS3Endpoint: at.endpoint,
      mediaS3AccessKey: at.accessKey,
      mediaS3SecretKey: at.secretKey,
      mediaS3PathStyle: true,
    },
    async stop(): Promise<void> {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
