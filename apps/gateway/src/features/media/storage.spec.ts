import { Readable } from 'node:stream';
import { anS3Server } from '@app/testing/s3-server.js';
import { soon } from '@app/testing/expect-soon.js';
import { GatewayUnderTest } from '@app/testing/use-gateway.js';
import { MediaService } from './media.service.js';

describe.each([
  ['disk', null],
  ['S3', anS3Server],
])('the media storage of the operator, on %s', (kind, start) => {
  let s3: Awaited<ReturnType<typeof anS3Server>> | undefined;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    s3 = await start?.();
    gateway = new GatewayUnderTest({
      roles: ['api', 'jobs'],
      ...s3?.config,
    });
    await gateway.start();
  });
  afterAll(async () => {
    await gateway.stop();
    await s3?.stop().catch(() => undefined);
  });

  it('is counted, equal files once', async () => {
    const tenant = await gateway.aTenant();
    for (const fileName of ['a', 'b'])
      await gateway.get(MediaService).store(tenant.id, Readable.from(['the same']), { fileName, origin: 'inbound' });
    const { body } = await gateway.admin('GET /v1/admin/storage');
    const bucket = s3?.bucket ?? null;
    expect(body).toEqual({ kind: kind.toLowerCase(), bucket, files: 2, objects: 1, sizeBytes: 8, toRemove: 0 });
  });

  it('is swept on demand, and tells what was removed', async () => {
    await gateway.db.query(`UPDATE media_files SET expires_at = now() - interval '1 s'`);
    expect((await gateway.admin('GET /v1/admin/storage')).body).toMatchObject({ toRemove: 2 });
    expect(await gateway.admin('POST /v1/admin/storage/sweeps')).toMatchObject({ status: 202 });
    await soon(async () => {
      const { body } = await gateway.admin('GET /v1/admin/storage/sweeps');
      const runs = body.runs as { expired: number; finishedAt: string }[];
      expect(runs.find(({ expired }) => expired === 2)?.finishedAt).toEqual(expect.any(String));
    });
    expect((await gateway.admin('GET /v1/admin/storage')).body).toMatchObject({ files: 0, objects: 0, toRemove: 0 });
  });

  it('is tried with a small object, and nothing is left of it', async () => {
    const { status, body } = await gateway.admin('POST /v1/admin/storage/check');
    expect([status, body]).toMatchObject([200, { isUsable: true, error: null }]);
  });

  it('is nothing for tenants', async () => {
    const { token } = await gateway.aTenant();
    for (const route of ['GET /v1/admin/storage', 'POST /v1/admin/storage/check', 'POST /v1/admin/storage/sweeps'])
      expect((await gateway.call(route, { token })).status).toBe(403);
  });

  if (start)
    it('that is away is told without details', async () => {
      await s3?.stop();
      const { body } = await gateway.admin('POST /v1/admin/storage/check');
      expect(body).toMatchObject({ isUsable: false, error: 'An object could not be written.' });
    });
});
