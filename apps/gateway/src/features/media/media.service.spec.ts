import { buffer, text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { Clock } from '@app/platform/clock/clock.js';
import { MediaStorage } from '@app/platform/storage/media-storage.js';
import { useFeature } from '@app/testing/use-feature.js';
import sharp from 'sharp';
import { MediaModule } from './media.module.js';
import { MediaService } from './media.service.js';

const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');
const picture = () =>
  sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .png()
    .toBuffer();

describe('MediaService', () => {
  const clock = { time: new Date(), now: () => clock.time };
  const app = useFeature(MediaModule, { providers: [{ provide: Clock, useValue: clock }] });
  const media = () => app.get(MediaService);

  it('keeps a file and gives it back, whole and in part', async () => {
    const actor = await app.aUser();
    const file = await media().import(actor, { data: base64('hello'), fileName: 'a.txt' }, 'document');
    expect(file).toMatchObject({ mimeType: 'text/plain', sizeBytes: 5, fileName: 'a.txt' });
    expect(await text(await media().open(file))).toBe('hello');
    expect(await text(await media().open(file, { start: 1, end: 2 }))).toBe('el');
  });

  it('keeps an incoming file as it is, and believes its sender only where the bytes say nothing', async () => {
    const { tenantId } = await app.aUser();
    const claims = { mimeType: 'image/jpeg', fileName: '../../etc/a\u0000b.png', origin: 'inbound' as const };
    const real = await media().store(tenantId, Readable.from([await picture()]), claims);
    expect(real).toMatchObject({ mimeType: 'image/png', fileName: 'ab.png', origin: 'inbound' });
    const fake = await media().store(tenantId, Readable.from([Buffer.from([1, 0, 2, 0])]), claims);
    expect(fake.mimeType).toBe('application/octet-stream');
    const table = { mimeType: 'text/csv; charset=utf-8', origin: 'inbound' as const };
    expect((await media().store(tenantId, Readable.from(['a,b']), table)).mimeType).toBe('text/csv');
  });

  it('does the same work once when many want it at the same moment', async () => {
    const actor = await app.aUser();
    const data = base64(await picture());
    const files = await Promise.all(Array.from({ length: 10 }, () => media().import(actor, { data }, 'sticker')));
    expect(new Set(files.map(({ id }) => id)).size).toBe(1);
    expect(await app.db.getRepository(MediaFile).countBy({ tenantId: actor.tenantId })).toBe(1);
  });

  it('names documents as they are sent, and shares their content', async () => {
    const actor = await app.aUser();
    const as = (fileName: string) => media().import(actor, { data: base64('same'), fileName }, 'document');
    const [one, two] = [await as('one.txt'), await as('two.txt')];
    expect([one.fileName, two.fileName]).toEqual(['one.txt', 'two.txt']);
    expect(two.storageKey).toBe(one.storageKey);
  });

  it('says that the content is gone when somebody else removed it', async () => {
    const actor = await app.aUser();
    const file = await media().import(actor, { data: base64('lost') }, null);
    await expect(media().open({ ...file, storageKey: 'ten_x/med_x' })).rejects.toMatchObject({ code: 'media.gone' });
  });

  it('takes base64 in lines', async () => {
    const data = base64('x'.repeat(300)).replace(/.{76}/g, '$&\r\n');
    const file = await media().import(await app.aUser(), { data: `data:text/plain;base64,${data}` }, null);
    expect(file.sizeBytes).toBe(300);
  });

  it('stores again what was lost', async () => {
    const actor = await app.aUser();
    const data = base64(await picture());
    const lost = [await media().import(actor, { data }, null), await media().import(actor, { data }, 'sticker')];
    await app.get(MediaStorage).remove(lost.map(({ storageKey }) => storageKey));
    const found = [await media().import(actor, { data }, null), await media().import(actor, { data }, 'sticker')];
    for (const file of found) expect((await buffer(await media().open(file))).length).toBe(file.sizeBytes);
  });

  it('makes links that end', async () => {
    const file = await media().import(await app.aUser(), { data: base64('linked') }, null);
    const url = new URL(media().linkTo(file), 'http://here');
    const open = () => {
      const { searchParams } = url;
      return media().linked(file.id, searchParams.get('expires') ?? '', searchParams.get('signature') ?? '');
    };
    expect((await open()).id).toBe(file.id);
    clock.time = new Date(clock.time.getTime() + 86_399_000);
    expect((await open()).id).toBe(file.id);
    clock.time = new Date(clock.time.getTime() + 2_000);
    await expect(open()).rejects.toMatchObject({ code: 'media.not-found' });
  });
});

describe('MediaService without ffmpeg', () => {
  const app = useFeature(MediaModule, { config: { ffmpegPath: '/nowhere/ffmpeg' } });
  // A WAV file of one second of silence.
  const wav = () => {
    const head = Buffer.from(
      'RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data',
      'latin1',
    );
    const size = Buffer.alloc(4);
    size.writeUInt32LE(16_000);
    return Buffer.concat([head, size, Buffer.alloc(16_000)]);
  };

  it('says so when a file must be converted, and sends what need not be', async () => {
    const actor = await app.aUser();
    const attempt = app.get(MediaService).import(actor, { data: base64(wav()) }, 'voice');
    await expect(attempt).rejects.toMatchObject({ kind: 'unavailable', code: 'media.transcoding-unavailable' });
    const file = await app.get(MediaService).import(actor, { data: base64(await picture()) }, 'image');
    expect(await buffer(await app.get(MediaService).open(file))).toEqual(await picture());
  });
});

describe('MediaService with little time', () => {
  const app = useFeature(MediaModule, { config: { mediaTranscodeSeconds: 1 } });

  it('ends a conversion that takes too long', async () => {
    const gif = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'red' } })
      .gif({ effort: 1 })
      .toBuffer();
    // The picture over and over: hours of film in a small file.
    const frames = Buffer.concat(
      Array.from({ length: 400 }, () => gif.subarray(gif.indexOf('\x21\xf9', 0, 'latin1'), -1)),
    );
    const film = Buffer.concat([gif.subarray(0, -1), frames, Buffer.from(';')]);
    const attempt = app.get(MediaService).import(await app.aUser(), { data: base64(film) }, 'gif');
    await expect(attempt).rejects.toMatchObject({ code: 'media.too-slow' });
  });
});
