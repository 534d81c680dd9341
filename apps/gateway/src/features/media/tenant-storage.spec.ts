import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { TenantStorage } from '@app/database/entities/tenant-storage.entity.js';
import { S3Storage } from '@app/platform/storage/s3-storage.js';
import { anS3Server } from '@app/testing/s3-server.js';
import { type TestTenant, useGateway } from '@app/testing/use-gateway.js';
import { MediaSweeperService } from './media-sweeper.service.js';
import { MediaService } from './media.service.js';

describe('a bucket of the tenant’s own', () => {
  const gateway = useGateway({ roles: ['api'], outboundAllow: ['127.0.0.0/8'] });
  let s3: Awaited<ReturnType<typeof anS3Server>>;
  let tenant: TestTenant;
  beforeAll(async () => void (s3 = await anS3Server('theirs')));
  afterAll(() => s3.stop());
  beforeEach(async () => void (tenant = await gateway.aTenant()));

  const settings = (more: object = {}) => {
    const { endpoint, accessKey, secretKey } = s3;
    return { bucket: 'theirs', endpoint, accessKey, secretKey, isPathStyle: true, ...more };
  };
  const set = (body: object) => gateway.call('PUT /v1/account/storage', { token: tenant.token, body });
  const call = (route: string) => gateway.call(route, { token: tenant.token });
  const store = (content: string) =>
    gateway.get(MediaService).store(tenant.id, Readable.from([content]), { origin: 'inbound' });
  const bucket = () => new S3Storage({ ...s3, region: 'us-east-1', prefix: '', isPathStyle: true });
  const read = async (id: string) => (await call(`GET /v1/media/${id}/content`)).text;

  it('takes new files, shows all but the secret key, and gives the files back', async () => {
    const before = await store('before');
    const { status, body } = await set(settings({ prefix: 'wa/', retentionDays: 1000 }));
    expect([status, body]).toMatchObject([200, { bucket: 'theirs', prefix: 'wa/', accessKey: '…RVER' }]);
    expect(JSON.stringify((await call('GET /v1/account/storage')).body)).not.toContain(s3.secretKey);
    const file = await store('after');
    const [, tenantId, name] = file.storageKey.split('/');
    expect(await text((await bucket().open(`wa/${tenantId}/${name}`))!)).toBe('after');
    expect([await read(file.id), await read(before.id)]).toEqual(['after', 'before']);
    expect(file.expiresAt.getTime() - Date.now()).toBeGreaterThan(999 * 24 * 3_600_000);
    expect((await call('POST /v1/account/storage/check')).status).toBe(204);
    expect((await gateway.admin('GET /v1/admin/storage')).body.files).toBe(1);
  });

  it('keeps its secret key sealed, and the bucket of one tenant from the others', async () => {
    await set(settings());
    const [row] = await gateway.db.query<{ row: string }[]>(
      `SELECT s::text || convert_from(sealed_secret_key, 'latin1') AS row FROM tenant_storages s WHERE tenant_id = $1`,
      [tenant.id],
    );
    expect(row?.row.split('S3RVER')).toHaveLength(2);
    const { token } = await gateway.aTenant();
    expect(await gateway.call('GET /v1/account/storage', { token })).toMatchObject({ status: 404 });
  });

  it('leads signed links to where the bucket is public', async () => {
    await set(settings({ publicUrl: 'https://cdn.example.com/files/' }));
    const file = await store('for all');
    const answer = await call(`GET ${gateway.get(MediaService).linkTo(file)}`);
    const place = `${file.storageKey.split('/').slice(1).join('/')}`;
    expect([answer.status, answer.headers.location]).toEqual([302, `https://cdn.example.com/files/${place}`]);
  });

  it('is left by new files when it is taken away, and forgotten with the last of the old ones', async () => {
    await set(settings());
    const file = await store('old');
    const { status } = await call('DELETE /v1/account/storage');
    expect([status, (await call('GET /v1/account/storage')).body.code]).toEqual([204, 'storage.not-found']);
    expect((await store('new')).storageKey).toMatch(/^ten_/);
    expect((await store('old')).storageKey).toBe(file.storageKey);
    expect(await read(file.id)).toBe('old');
    await gateway.db.query(`UPDATE media_files SET expires_at = now() WHERE tenant_id = $1`, [tenant.id]);
    await gateway.get(MediaSweeperService).run();
    expect(await bucket().stat(file.storageKey.split('/').slice(1).join('/'))).toBeNull();
    expect(await gateway.db.getRepository(TenantStorage).countBy({ tenantId: tenant.id })).toBe(0);
  });

  it('that does not work holds up nobody else’s sweep', async () => {
    await set(settings());
    const file = await store('stuck');
    await gateway.db.query(`UPDATE tenant_storages SET bucket = 'gone', updated_at = now() WHERE tenant_id = $1`, [
      tenant.id,
    ]);
    expect((await call(`GET /v1/media/${file.id}/content`)).status).toBeGreaterThanOrEqual(404);
    await gateway.db.query(`UPDATE media_files SET expires_at = now() WHERE tenant_id = $1`, [tenant.id]);
    await gateway.get(MediaSweeperService).run();
    expect(await gateway.db.getRepository(MediaFile).countBy({ tenantId: tenant.id })).toBe(0);
  });

  it.each([
    ['does not exist', { bucket: 'other' }, 'storage.unusable'],
    ['does not know the key', { accessKey: 'nobody' }, 'storage.unusable'],
    ['is inside', { endpoint: 'http://10.0.0.1' }, 'outbound.refused'],
    ['has no such name', { bucket: 'Not A Bucket' }, 'request.invalid'],
    ['is in no such region', { region: 'x.example.com/' }, 'request.invalid'],
  ])('is refused when it %s, and nothing changes', async (_, change, code) => {
    const { status, body } = await set(settings(change));
    expect([status, body.code, body.errors.length]).toEqual([400, code, 1]);
    expect((await call('GET /v1/account/storage')).status).toBe(404);
  });
});
