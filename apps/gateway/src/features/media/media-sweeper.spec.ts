import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { Config } from '@app/platform/config/config.js';
import { newId } from '@app/platform/ids/id.js';
import { MediaStorage } from '@app/platform/storage/media-storage.js';
import { soon } from '@app/testing/expect-soon.js';
import { anS3Server } from '@app/testing/s3-server.js';
import { useFeature } from '@app/testing/use-feature.js';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { MEDIA_SWEEP_QUEUE } from './media-sweep.job.js';
import { MediaSweeperService } from './media-sweeper.service.js';
import { MediaModule } from './media.module.js';
import { MediaService } from './media.service.js';

describe.each([
  ['disk', null],
  ['S3', anS3Server],
])('the sweeper, with media on %s', (_, start) => {
  let s3: Awaited<ReturnType<typeof anS3Server>> | undefined;
  beforeAll(async () => void (s3 = await start?.()));
  afterAll(() => s3?.stop());
  const config = (): Partial<Config> => ({
    roles: ['api'],
    mediaRetentionDays: 10,
    ...s3?.config,
  });
  const app = useFeature(MediaModule, { config });
  const sweep = () => app.get(MediaSweeperService).run();
  const media = () => app.get(MediaService);
  const store = (tenantId: string, content: string, fileName: string) =>
    media().store(tenantId, Readable.from([content]), { fileName, origin: 'inbound' });
  const isStored = async ({ storageKey }: MediaFile) => (await app.get(MediaStorage).stat(storageKey)) !== null;
  const expire = (...files: MediaFile[]) =>
    app.db.query(`UPDATE media_files SET expires_at = now() - interval '1 s' WHERE id = ANY($1)`, [
      files.map(({ id }) => id),
    ]);

  it('removes a file when its time is up, and leaves the others', async () => {
    const { tenantId } = await app.aUser();
    const [old, young] = [await store(tenantId, 'old', 'a'), await store(tenantId, 'young', 'b')];
    expect(old.expiresAt.getTime()).toBeGreaterThan(Date.now() + 9.9 * 24 * 3_600_000);
    await expire(old);
    expect(await sweep()).toMatchObject({ expired: 1 });
    await expect(media().get({ tenantId }, old.id)).rejects.toMatchObject({ code: 'media.not-found' });
    expect([await isStored(old), await isStored(young)]).toEqual([false, true]);
    expect(await text(await media().open(young))).toBe('young');
  });

  it('gives a file that is used another while', async () => {
    const { tenantId } = await app.aUser();
    const file = await store(tenantId, 'used again', 'a');
    await expire(file);
    await media().import({ tenantId }, { mediaId: file.id }, null);
    expect(await sweep()).toMatchObject({ expired: 0 });
  });

  it('keeps an object for as long as a file needs it, and tenants apart', async () => {
    const [{ tenantId }, other] = [await app.aUser(), await app.aUser()];
    const [one, two] = [await store(tenantId, 'same', 'a'), await store(tenantId, 'same', 'b')];
    const theirs = await store(other.tenantId, 'same', 'a');
    expect(two.id).not.toBe(one.id);
    expect(two.storageKey).toBe(one.storageKey);
    expect(theirs.storageKey).not.toBe(one.storageKey);
    await expire(one);
    await sweep();
    expect(await text(await media().open(two))).toBe('same');
    await media().remove({ tenantId, userId: 'usr_1', role: 'owner' }, two.id);
    expect([await isStored(one), await isStored(theirs)]).toEqual([false, true]);
  });

  it('removes what a process left that died before its object was whole, or before it was removed', async () => {
    const { tenantId } = await app.aUser();
    const [pending, removed] = [await store(tenantId, 'pending', 'a'), await store(tenantId, 'removed', 'b')];
    const change = (id: string, values: Partial<MediaFile>) => app.db.getRepository(MediaFile).update({ id }, values);
    await change(pending.id, { status: 'pending', owner: newId('process') });
    await change(removed.id, { status: 'removed' });
    expect(await sweep()).toMatchObject({ abandoned: 1, finished: 1 });
    expect([await isStored(pending), await isStored(removed)]).toEqual([false, false]);
    expect(await app.db.getRepository(MediaFile).countBy({ tenantId })).toBe(0);
  });

  it('leaves alone what a living process is writing', async () => {
    const { tenantId } = await app.aUser();
    let isHeld = false;
    const slow = Readable.from(
      (async function* () {
        yield 'slowly ';
        isHeld = true;
        await sweep();
        yield 'written';
      })(),
    );
    const file = await media().store(tenantId, slow, { origin: 'inbound' });
    expect(isHeld).toBe(true);
    expect(await text(await media().open(file))).toBe('slowly written');
  });

  it('removes the scratch folders of processes that are gone', async () => {
    const scratch = join(app.get(Config).dataDir, 'scratch');
    const dead = join(scratch, newId('process'));
    mkdirSync(join(dead, 'work-1'), { recursive: true });
    writeFileSync(join(dead, 'work-1', 'original'), 'half');
    expect(await sweep()).toMatchObject({ folders: 1 });
    expect(existsSync(dead)).toBe(false);
    expect(readdirSync(scratch)).toHaveLength(1);
  });
});

describe('the sweep of media', () => {
  const app = useFeature(MediaModule, { config: { roles: ['jobs'] } });

  it('runs when a process starts and every ten minutes', async () => {
    const queue = app.get<Queue>(getQueueToken(MEDIA_SWEEP_QUEUE));
    await soon(async () => expect((await queue.getCompleted()).length).toBeGreaterThan(0));
    expect(await queue.getJobSchedulers()).toMatchObject([{ every: 600_000 }]);
  });
});
