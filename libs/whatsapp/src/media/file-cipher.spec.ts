import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { encryptedStream } from '@whiskeysockets/baileys';
import { DamagedFile, fileKeys, seal, sealedBytes, unseal, verify } from './file-cipher.js';
import { fileKindOf } from './file-kind.js';

const image = fileKindOf('imageMessage');

/** The content in pieces of this size. */
async function* pieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield await Promise.resolve(content.subarray(at, at + size));
}
const whole = (parts: AsyncIterable<Buffer>) => buffer(Readable.from(parts));

describe('the cipher of files', () => {
  it.each([1, 15, 16, 17, 1000, 70_000])(
    'opens what it sealed, of %i bytes, whatever pieces it comes in',
    async (size) => {
      const [content, keys] = [randomBytes(size), await fileKeys(randomBytes(32), image)];
      const sealed = await whole(seal(pieces(content, 999), keys));
      expect(sealed).toHaveLength(sealedBytes(size));
      for (const piece of [7, 10, 4096]) expect(await whole(unseal(pieces(sealed, piece), keys))).toEqual(content);
    },
  );

  it('seals as Baileys does', async () => {
    const content = randomBytes(5000);
    const { mediaKey, encFilePath } = await encryptedStream(content, 'image');
    const theirs = await readFile(encFilePath);
    await rm(encFilePath);
    expect(await whole(seal(pieces(content, 4096), await fileKeys(mediaKey, image)))).toEqual(theirs);
  });

  it('notices every change, and what was cut off', async () => {
    const [content, keys] = [randomBytes(500), await fileKeys(randomBytes(32), image)];
    const sealed = await whole(seal(pieces(content, 100), keys));
    for (const at of [0, 250, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(whole(unseal(pieces(changed, 64), keys))).rejects.toThrow(DamagedFile);
    }
    for (const length of [0, 5, 10, 256]) {
      const cut = sealed.subarray(0, length);
      await expect(whole(unseal(pieces(cut, 64), keys))).rejects.toThrow(DamagedFile);
    }
  });

  it('refuses a file with another hash', async () => {
    await expect(whole(verify(pieces(randomBytes(10), 3), randomBytes(32)))).rejects.toThrow(DamagedFile);
  });
});
