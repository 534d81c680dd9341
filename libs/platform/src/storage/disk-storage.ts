import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MediaStorage, type ByteRange } from './media-storage.js';

const PART = '.part';
/** No upload takes this long; a part that is older was left by a process that died. */
const ABANDONED_MS = 6 * 3_600_000;

/** Media as files below a folder, readable by the owner alone. */
export class DiskStorage extends MediaStorage {
  constructor(private readonly root: string) {
    super();
  }

  /** Written beside its place, flushed and renamed: under its key a file is whole or absent, whatever happens. */
  override async put(key: string, content: Readable): Promise<void> {
    const path = this.path(key);
    const part = `${path}.${randomBytes(6).toString('hex')}${PART}`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await pipeline(content, createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true }));
      await rename(part, path);
      await flushFolder(dirname(path));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  override async open(key: string, range?: ByteRange): Promise<Readable | null> {
    const file = await open(this.path(key), 'r').catch(unlessAbsent);
    return file?.createReadStream(range) ?? null;
  }

  override async stat(key: string): Promise<{ sizeBytes: number } | null> {
    const found = await stat(this.path(key)).catch(unlessAbsent);
    return found && { sizeBytes: found.size };
  }

  override async remove(keys: string[]): Promise<void> {
    for (const key of keys) {
      await rm(this.path(key), { force: true });
      // The tenant's folder goes with its last file; while there are others this fails, as it should.
      await rmdir(dirname(this.path(key))).catch(() => undefined);
    }
  }

  /** Removes what processes that died in the middle of a `put` left behind; returns how many files. */
  async sweep(now: Date): Promise<number> {
    const names = await readdir(this.root, { recursive: true }).catch(unlessAbsent);
    let removed = 0;
    for (const name of names?.filter((file) => file.endsWith(PART)) ?? []) {
      const part = await stat(join(this.root, name)).catch(unlessAbsent);
      if (!part || now.getTime() - part.mtimeMs < ABANDONED_MS) continue;
      await rm(join(this.root, name), { force: true });
      removed += 1;
    }
    return removed;
  }

  private path(key: string): string {
    if (!/^[\w-]+(\/[\w-]+)*$/.test(key)) throw new Error('not a key of a media object');
    return join(this.root, key);
  }
}

/** A rename is on the disk once its folder is. Not every system lets folders be flushed. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function unlessAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
