import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { MediaStorage } from './media-storage.js';

/** How far a storage got, and what it said, where it does not work. */
export interface StorageTrouble {
  step: 'written' | 'read' | 'removed';
  cause: unknown;
}

/** Stores, reads and removes a small object; answers null when all is well. */
export async function tryStorage(storage: MediaStorage): Promise<StorageTrouble | null> {
  const key = `check/${randomBytes(12).toString('hex')}`;
  const trouble = await writeAndRead(storage, key);
  const left = await storage.remove([key]).then(
    () => null,
    (cause: unknown): StorageTrouble => ({ step: 'removed', cause }),
  );
  return trouble ?? left;
}

async function writeAndRead(storage: MediaStorage, key: string): Promise<StorageTrouble | null> {
  let step: StorageTrouble['step'] = 'written';
  try {
    await storage.put(key, Readable.from([Buffer.from('check')]));
    step = 'read';
    const read = await storage.open(key);
    if (!read || Buffer.concat((await read.toArray()) as Buffer[]).toString() !== 'check')
      throw new Error('it is not there');
    return null;
  } catch (cause) {
    return { step, cause };
  }
}
