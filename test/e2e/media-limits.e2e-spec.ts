import { ok } from '@app/client/client.js';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReadStream, mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@app/testing/eventually.js';
import { GatewayProcess } from '@app/testing/gateway-process.js';
import { mediaLeft, upload } from '@app/testing/media-library.js';
import { memoryOf, peakAnew } from '@app/testing/memory-of.js';
import { anS3Server } from '@app/testing/s3-server.js';
import { useStack } from '@app/testing/use-stack.js';

const MB = 1024 * 1024;

describe('media of 100 MB', () => {
  const stack = useStack();
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-large-'));
  const path = join(folder, 'large.bin');
  let server: Server;
  beforeAll(async () => {
    for (let part = 0; part < 10; part++) writeFileSync(path, randomBytes(10 * MB), { flag: 'a' });
    server = createServer((_, response) => void createReadStream(path).pipe(response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('come and go with at most 150 MB more memory than an idle gateway has', async () => {
    await comeAndGo(stack.gateway);
    // The warm-up, and one object under two names.
    expect((await mediaLeft(stack.gateway)).files).toHaveLength(2);
  });

  it('come and go as cheaply when they lie in a bucket', async () => {
    const bucket = await anS3Server();
    let gateway: GatewayProcess | undefined;
    try {
      gateway = await GatewayProcess.start(stack.simulator, {
        MEDIA_S3_BUCKET: bucket.bucket,
        MEDIA_S3_ENDPOINT: bucket.endpoint,
        MEDIA_S3_ACCESS_KEY: bucket.accessKey,
        MEDIA_S3_SECRET_KEY: bucket.secretKey,
        MEDIA_S3_PATH_STYLE: 'true',
      });
      await comeAndGo(gateway);
      expect((await mediaLeft(gateway)).files).toEqual([]);
    } finally {
      await gateway?.dispose();
      await bucket.stop();
    }
    // A second gateway starts, and the bucket is a server in this process.
  });

  it('leave no file without a row and no row without a file when the gateway is killed', async () => {
    const tenant = await stack.gateway.aTenant();
    const contents = Array.from({ length: 20 }, () => randomBytes(2 * MB));
    const answers = Promise.allSettled(contents.map((content) => upload(tenant, content)));
    await eventually('some are stored', async () => (await mediaLeft(stack.gateway)).rows.length >= 5);
    await stack.gateway.kill();
    const stored = (await answers).flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.body.id] : []));
    await stack.gateway.start();
    const left = await eventually('leftovers are gone', async () => {
      const found = await mediaLeft(stack.gateway);
      const isTidy = found.scratch.length === 0 && found.rows.every(({ status }) => status === 'ready');
      return isTidy && found;
    });
    expect(left.files).toEqual([...new Set(left.rows.map(({ key }) => key))].sort());
    expect(left.rows.map(({ id }) => id)).toEqual(expect.arrayContaining(stored));
  });

  /** An upload, the same by URL, and a download. */
  async function comeAndGo(gateway: GatewayProcess): Promise<void> {
    const tenant = await gateway.aTenant();
    await upload(tenant, 'warm');
    const idle = memoryOf(gateway, 'VmRSS');
    peakAnew(gateway);
    const { status, body } = await upload(tenant, await openAsBlob(path), 'large.bin', { kind: 'document' });
    expect([status, body.sizeBytes]).toEqual([201, 100 * MB]);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/other.bin`;
    const fetched = await ok(tenant.client.POST('/v1/media/import', { body: { url, kind: 'document' } }));
    expect(fetched.sha256).toBe(body.sha256);
    const content = await tenant.api.download(`GET /v1/media/${body.id}/content`);
    expect(createHash('sha256').update(content.body).digest('hex')).toBe(body.sha256);
    expect(memoryOf(gateway, 'VmHWM') - idle).toBeLessThan(150);
  }
});
