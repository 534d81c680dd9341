import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MediaStorage, type ByteRange } from './media-storage.js';

/** Behind the key of a file that is not whole yet. */
const PART = '.part';
/** Media as files below a folder, readable by the owner alone. */
export class DiskStorage extends MediaStorage {
  constructor(private readonly root: string) {
    super();
  }

  /** Written beside its place, flushed and renamed: under its key a file is whole or absent, whatever happens. */
  override async put(key: string, content: Readable): Promise<void> {
    const path = this.path(key);
    const part = path + PART;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await pipeline(content, createWriteStream(part, { mode: 0o600, flush: true }));
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
      await rm(this.path(key) + PART, { force: true });
      // The tenant's folder goes with its last file; while there are others this fails, as it should.
      await rmdir(dirname(this.path(key))).catch(() => undefined);
    }
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
