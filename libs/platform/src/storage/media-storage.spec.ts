import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { anS3Server } from '@app/testing/s3-server.js';
import { DiskStorage } from './disk-storage.js';
import type { MediaStorage } from './media-storage.js';
import { S3Storage } from './s3-storage.js';

const root = mkdtempSync(join(tmpdir(), 'switchboard-storage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Backend {
  storage: MediaStorage;
  stop(): Promise<void>;
}

const onDisk = (): Promise<Backend> =>
  Promise.resolve({ storage: new DiskStorage(join(root, 'media')), stop: () => Promise.resolve() });

async function onS3(): Promise<Backend> {
  const server = await anS3Server();
  const storage = new S3Storage({ ...server, region: 'us-east-1', prefix: 'tests/', isPathStyle: true });
  return { storage, stop: () => (storage.close(), server.stop()) };
}

describe.each([
  ['disk', onDisk],
  ['S3', onS3],
])('storage on %s', (_, start) => {
  let backend: Backend;
  beforeAll(async () => void (backend = await start()));
  afterAll(() => backend.stop());
  const chunks = (content: Buffer) =>
    Readable.from(
      Array.from({ length: 8 }, (_, i) => content.subarray((i * content.length) / 8, ((i + 1) * content.length) / 8)),
    );
  const read = async (key: string, range?: { start: number; end: number }) => {
    const stream = await backend.storage.open(key, range);
    return stream && (await buffer(stream));
  };

  it('gives back what it was given, whole and in parts', async () => {
    const content = randomBytes(12 * 1024 * 1024);
    await backend.storage.put('ten_1/med_1', chunks(content));
    expect(content.equals((await read('ten_1/med_1'))!)).toBe(true);
    expect(await read('ten_1/med_1', { start: 100, end: 199 })).toEqual(content.subarray(100, 200));
    expect(await backend.storage.stat('ten_1/med_1')).toEqual({ sizeBytes: content.length });
  });

  it('says that there is nothing where there is nothing', async () => {
    expect(await backend.storage.open('ten_1/med_none')).toBeNull();
    expect(await backend.storage.stat('ten_1/med_none')).toBeNull();
    await expect(backend.storage.remove(['ten_1/med_none'])).resolves.toBeUndefined();
  });

  it('removes', async () => {
    await backend.storage.put('ten_1/med_2', chunks(Buffer.from('12345678')));
    await backend.storage.remove(['ten_1/med_2']);
    expect(await backend.storage.stat('ten_1/med_2')).toBeNull();
  });

  it('keeps nothing of a stream that breaks', async () => {
    const breaking = Readable.from(
      (function* () {
        yield randomBytes(6 * 1024 * 1024);
        throw new Error('broken');
      })(),
    );
    await expect(backend.storage.put('ten_1/med_3', breaking)).rejects.toThrow();
    expect(await backend.storage.stat('ten_1/med_3')).toBeNull();
  });
});

describe('storage on disk', () => {
  const folder = join(root, 'private');
  const storage = new DiskStorage(folder);

  it('keeps files to its owner, and folders no longer than needed', async () => {
    await storage.put('ten_1/med_1', Readable.from(['x']));
    expect(statSync(join(folder, 'ten_1/med_1')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'ten_1')).mode & 0o777).toBe(0o700);
    await storage.remove(['ten_1/med_1']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removes what a process left that died while it wrote', async () => {
    await storage.put('ten_2/med_1', Readable.from(['x']));
    writeFileSync(join(folder, 'ten_2/med_2.part'), 'half');
    await storage.remove(['ten_2/med_2']);
    expect(readdirSync(join(folder, 'ten_2'))).toEqual(['med_1']);
  });

  it('takes no key that leads elsewhere', async () => {
    for (const key of ['../x', '/etc/x', 'a/../../x', 'a\0b'])
      await expect(storage.put(key, Readable.from(['x']))).rejects.toThrow('not a key');
    expect(existsSync(join(root, 'x'))).toBe(false);
  });
});
