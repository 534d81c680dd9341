import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { useFeature } from '@app/testing/use-feature.js';
import type { MediaKind, MediaOptions } from '@app/platform/media/media-kind.js';
import sharp from 'sharp';
import { MediaModule } from '../media.module.js';
import { MediaService } from '../media.service.js';

const { default: installer } = (await import('@ffmpeg-installer/ffmpeg')) as { default: { path: string } };

describe('the conversion of media', () => {
  const app = useFeature(MediaModule);
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-media-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let actor: Actor;
  beforeAll(async () => void (actor = await app.aUser()));

  const ffmpeg = (...args: string[]) => execFileSync(installer.path, ['-v', 'error', '-y', ...args]);
  /** A file that ffmpeg makes, with a test picture and a tone as input. */
  const make = (name: string, ...args: string[]): Buffer => {
    const path = join(folder, name);
    ffmpeg(...args, path);
    return readFileSync(path);
  };
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3'];
  const film = (size = '320x240', seconds = 2) => [
    '-f',
    'lavfi',
    '-i',
    `testsrc=size=${size}:rate=25:duration=${seconds}`,
  ];

  const prepare = async (content: Buffer, kind: MediaKind, options: MediaOptions = {}) => {
    const file = await app.get(MediaService).import(actor, { data: content.toString('base64') }, kind, options);
    return { file, content: await buffer(await app.get(MediaService).open(file)) };
  };
  /** What ffmpeg says of a file. */
  const look = (content: Buffer, name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return spawnSync(installer.path, ['-i', path], { encoding: 'utf8' }).stderr;
  };

  it.each([
    ['mp3', ['-c:a', 'libmp3lame']],
    ['wav', []],
    ['m4a', ['-c:a', 'aac']],
    ['ogg', ['-c:a', 'libopus']],
  ])('makes a voice note from %s', async (extension, codec) => {
    const { file, content } = await prepare(make(`tone.${extension}`, ...tone, ...codec), 'voice');
    expect(file).toMatchObject({ mimeType: 'audio/ogg' });
    expect(look(content, 'voice.ogg')).toMatch(/Audio: opus, 48000 Hz, mono/);
    expect(file.seconds).toBeCloseTo(3, 0);
    expect(file.waveform).toHaveLength(64);
    expect(Math.max(...file.waveform!)).toBe(100);
  });

  it('draws the loud and the quiet parts of a voice note', async () => {
    const quietThenLoud = ['-af', "volume='if(lt(t,1.5),0.1,1)':eval=frame"];
    const { file } = await prepare(make('steps.wav', ...tone, ...quietThenLoud), 'voice');
    const bars = [...file.waveform!];
    expect(Math.max(...bars.slice(2, 28))).toBeLessThan(20);
    expect(Math.min(...bars.slice(36, 62))).toBeGreaterThan(80);
  });

  it('refuses as voice note what has no sound', async () => {
    const silent = make('silent.mp4', ...film(), '-an');
    await expect(prepare(silent, 'voice')).rejects.toMatchObject({ code: 'media.wrong-kind' });
    await expect(prepare(Buffer.from('la la la'), 'voice')).rejects.toMatchObject({ code: 'media.wrong-kind' });
  });

  it('leaves songs alone that every app plays, and makes M4A of others', async () => {
    const song = make('song.mp3', ...tone);
    const kept = await prepare(song, 'audio');
    expect(kept.content).toEqual(song);
    expect(kept.file).toMatchObject({ mimeType: 'audio/mpeg', origin: 'upload' });
    const made = await prepare(make('song.flac', ...tone), 'audio');
    expect(made.file).toMatchObject({ mimeType: 'audio/mp4', origin: 'derived' });
    expect(made.file.seconds).toBeCloseTo(3, 0);
    expect(look(made.content, 'song.m4a')).toMatch(/Audio: aac/);
  });

  it('makes an MP4 that plays everywhere from another video', async () => {
    const webm = make('film.webm', ...film('1922x1080', 1), ...tone, '-t', '1', '-c:v', 'libvpx', '-c:a', 'libopus');
    const { file, content } = await prepare(webm, 'video');
    expect(file).toMatchObject({ mimeType: 'video/mp4', width: 1280, height: 720 });
    expect(look(content, 'film.mp4')).toMatch(/Video: h264 \(Main\).*yuv420p[\s\S]*Audio: aac/);
    expect(content.indexOf('moov')).toBeLessThan(content.indexOf('mdat'));
    await expectThumbnail(file);
  });

  const h264 = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264'];

  it('leaves an MP4 alone that plays everywhere, and only moves its index where that is at the end', async () => {
    const ready = make('ready.mp4', ...film(), ...h264, '-movflags', '+faststart');
    const kept = await prepare(ready, 'video');
    expect(kept.content).toEqual(ready);
    expect(kept.file).toMatchObject({ width: 320, height: 240, seconds: 2 });
    await expectThumbnail(kept.file);
    const { content } = await prepare(make('late.mp4', ...film(), ...h264), 'video');
    expect(content.indexOf('moov')).toBeLessThan(content.indexOf('mdat'));
  });

  it('makes a video smaller on request', async () => {
    const large = make('large.mp4', ...film('1280x720'), ...h264, '-crf', '5', '-movflags', '+faststart');
    const { file } = await prepare(large, 'video', { compress: true });
    expect(file).toMatchObject({ width: 848, height: 478 });
    expect(file.sizeBytes).toBeLessThan(large.length / 4);
  });

  it('takes a video of odd size that is on its side', async () => {
    make('straight.mov', ...film('321x241'), '-pix_fmt', 'yuv444p', '-c:v', 'libx264');
    const turn = ['-c', 'copy', '-metadata:s:v:0', 'rotate=90'];
    const odd = make('odd.mov', '-i', join(folder, 'straight.mov'), ...turn);
    const { file } = await prepare(odd, 'video');
    expect(file.width! < file.height!).toBe(true);
    expect(file.width! % 2).toBe(0);
  });

  it.each([
    ['gif', ['-t', '1']],
    ['mp4', h264],
  ])('makes a silent loop from %s', async (extension, codec) => {
    const { file, content } = await prepare(make(`loop.${extension}`, ...film(), ...codec), 'gif');
    expect(file.mimeType).toBe('video/mp4');
    expect(look(content, 'loop-out.mp4')).not.toContain('Audio:');
  });

  it('makes a silent loop from an animated WebP', async () => {
    const webp = await sharp(make('moving.gif', ...film()), { animated: true })
      .webp()
      .toBuffer();
    const { file } = await prepare(webp, 'gif');
    expect(file).toMatchObject({ mimeType: 'video/mp4', width: 320, height: 240 });
  });

  it('makes a square video note of a minute at most', async () => {
    const long = make('long.mp4', ...film('320x240', 62), '-r', '2', ...h264);
    const { file } = await prepare(long, 'video-note');
    expect(file).toMatchObject({ width: 480, height: 480 });
    expect(file.seconds).toBeCloseTo(60, 0);
  });

  const picture = (width = 800, height = 400) =>
    sharp({ create: { width, height, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } } });

  it.each(['png', 'jpeg', 'webp', 'avif', 'gif'] as const)('makes a sticker from %s', async (format) => {
    const { file, content } = await prepare(await picture().toFormat(format).toBuffer(), 'sticker');
    expect(file).toMatchObject({ mimeType: 'image/webp', width: 512, height: 512, isAnimated: false });
    expect(await sharp(content).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 });
    // All of a wide picture fits, with nothing above and below.
    expect(await alphaAt(content, 256, 10)).toBe(0);
    expect(await alphaAt(content, 10, 256)).toBeGreaterThan(100);
  });

  it('cuts stickers to their middle and to a circle', async () => {
    const png = await picture().png().toBuffer();
    const cropped = await prepare(png, 'sticker', { sticker: { shape: 'crop' } });
    const round = await prepare(png, 'sticker', { sticker: { shape: 'circle' } });
    expect(await alphaAt(cropped.content, 2, 2)).toBeGreaterThan(100);
    expect(await alphaAt(round.content, 2, 2)).toBe(0);
    expect(await alphaAt(round.content, 256, 256)).toBeGreaterThan(100);
  });

  const moving: [string, () => Promise<Buffer>][] = [
    ['gif', () => Promise.resolve(make('moving.gif', ...film()))],
    ['mp4', () => Promise.resolve(make('moving.mp4', ...film(), ...h264))],
    ['webm', () => Promise.resolve(make('moving.webm', ...film(), '-c:v', 'libvpx'))],
    [
      'webp',
      () =>
        sharp(make('moving.gif', ...film()), { animated: true })
          .webp()
          .toBuffer(),
    ],
  ];

  it.each(moving)('makes an animated sticker from %s', async (_, source) => {
    for (const shape of ['full', 'circle'] as const) {
      const { file, content } = await prepare(await source(), 'sticker', { sticker: { shape, pack: 'P' } });
      expect(file).toMatchObject({ mimeType: 'image/webp', isAnimated: true });
      const { width, pageHeight, pages, hasAlpha } = await sharp(content, { animated: true }).metadata();
      expect({ width, pageHeight, hasAlpha }).toEqual({ width: 512, pageHeight: 512, hasAlpha: true });
      expect(pages).toBeGreaterThan(10);
      expect(await alphaAt(content, 2, 2)).toBe(0);
      expect(await alphaAt(content, 256, 256)).toBe(255);
    }
  });

  it('leaves a sticker as it is, however long it moves, and cuts a long picture that must be drawn anew', async () => {
    const long = await sharp(make('long.gif', ...film('64x64', 5)), { animated: true })
      .resize(512, 512)
      .webp({ quality: 20 })
      .toBuffer();
    expect((await sharp(long).metadata()).pages).toBeGreaterThan(92);
    expect((await prepare(long, 'sticker')).content).toEqual(long);
    const cut = await prepare(long, 'sticker', { sticker: { shape: 'circle' } });
    expect((await sharp(cut.content).metadata()).pages).toBe(91);
  });

  it('refuses large pictures that must be unfolded whole', async () => {
    const webp = await picture(6000, 5000).webp({ effort: 0, quality: 1 }).toBuffer();
    await expect(prepare(webp, 'image')).rejects.toMatchObject({ code: 'media.too-many-pixels' });
  });

  it('lowers the quality of a sticker until it is small enough', async () => {
    const noise = ['-f', 'lavfi', '-i', 'nullsrc=s=64x64:d=4,geq=random(1)*255:128:128,scale=512:512'];
    const { file } = await prepare(make('noise.mp4', ...noise, '-r', '10', ...h264), 'sticker');
    expect(file.sizeBytes).toBeLessThanOrEqual(1_000_000);
  });

  it('writes pack and author into stickers, lossless and moving ones too', async () => {
    const info = { sticker: { pack: 'Cats & Cows', author: 'Ada' } };
    for (const source of [await picture().png().toBuffer(), make('moving.gif', ...film())]) {
      const { content } = await prepare(source, 'sticker', info);
      const { exif } = await sharp(content).metadata();
      const json = exif!.subarray(exif!.indexOf('{'), exif!.lastIndexOf('}') + 1).toString();
      expect(JSON.parse(json)).toMatchObject({ 'sticker-pack-name': 'Cats & Cows', 'sticker-pack-publisher': 'Ada' });
      expect(exif!.readUInt32LE(exif!.indexOf('AW') + 4)).toBe(Buffer.byteLength(json));
    }
  });

  const fromCamera = () =>
    picture(400, 200)
      .jpeg()
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .toBuffer();

  it('leaves pictures alone, and says how they are to be held', async () => {
    const jpeg = await fromCamera();
    const { file, content } = await prepare(jpeg, 'image');
    expect(content).toEqual(jpeg);
    expect(file).toMatchObject({ mimeType: 'image/jpeg', width: 200, height: 400 });
    await expectThumbnail(file);
  });

  it('makes pictures upright and small on request, without place and camera', async () => {
    const { content } = await prepare(await fromCamera(), 'image', { compress: true });
    const { width, height, exif, orientation } = await sharp(content).metadata();
    expect({ width, height, exif, orientation }).toEqual({
      width: 200,
      height: 400,
      exif: undefined,
      orientation: undefined,
    });
    const large = await prepare(await picture(4000, 2000).png().toBuffer(), 'image', { compress: true });
    expect(large.file).toMatchObject({ mimeType: 'image/jpeg', width: 1600, height: 800 });
  });

  it('makes a JPEG of other pictures, and a square of a profile photo', async () => {
    expect((await prepare(await picture().webp().toBuffer(), 'image')).file.mimeType).toBe('image/jpeg');
    const { file } = await prepare(await picture().png().toBuffer(), 'picture');
    expect(file).toMatchObject({ mimeType: 'image/jpeg', width: 640, height: 640 });
  });

  it('counts the pages of a PDF', async () => {
    const pages = Array.from({ length: 3 }, (_, i) => `${i + 3} 0 obj << /Type /Page /Parent 2 0 R >> endobj`);
    const pdf = `%PDF-1.4\n1 0 obj << /Type/Catalog >> endobj 2 0 obj << /Type /Pages /Count 3 >> endobj\n`;
    const { file } = await prepare(Buffer.from(pdf + 'x'.repeat(200_000) + pages.join('\n')), 'document');
    expect(file).toMatchObject({ mimeType: 'application/pdf', pageCount: 3 });
  });

  it('gives a picture that is sent as a document a thumbnail', async () => {
    await expectThumbnail((await prepare(await picture().png().toBuffer(), 'document')).file);
  });

  it('refuses a picture that unfolds to gigabytes', async () => {
    const bomb = await sharp({
      create: { width: 20_000, height: 20_000, channels: 3, background: 'black' },
      limitInputPixels: false,
    })
      .png()
      .toBuffer();
    expect(bomb.length).toBeLessThan(3_000_000);
    for (const kind of ['image', 'sticker', 'picture'] as const)
      await expect(prepare(bomb, kind)).rejects.toMatchObject({ code: 'media.too-many-pixels' });
    expect((await prepare(bomb, 'document')).file).toMatchObject({ thumbnail: null });
  });

  it.each<[MediaKind, string]>([
    ['image', 'png'],
    ['video', 'mp4'],
    ['voice', 'ogg'],
    ['sticker', 'png'],
  ])('refuses a broken file as %s', async (kind, extension) => {
    const whole = { png: await picture().png().toBuffer(), mp4: make('x.mp4', ...film()), ogg: make('x.ogg', ...tone) };
    const broken = whole[extension as 'png'].subarray(0, 300);
    await expect(prepare(broken, kind)).rejects.toMatchObject({ code: 'media.unreadable' });
  });

  it('reads no playlist, whatever it claims to be', async () => {
    const playlist = Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n');
    for (const kind of ['video', 'audio', 'voice', 'gif', 'sticker'] as const)
      await expect(prepare(playlist, kind)).rejects.toMatchObject({ code: 'media.wrong-kind' });
  });

  it('makes nothing twice', async () => {
    const wav = make('twice.wav', ...tone);
    const [first, second] = [await prepare(wav, 'voice'), await prepare(wav, 'voice')];
    expect(second.file.id).toBe(first.file.id);
    const upload = await app.get(MediaService).import(actor, { data: wav.toString('base64') }, null);
    expect((await app.get(MediaService).import(actor, { mediaId: upload.id }, 'voice')).id).toBe(first.file.id);
  });

  async function expectThumbnail({ thumbnail }: MediaFile): Promise<void> {
    expect(thumbnail!.length).toBeLessThan(32_000);
    expect(await sharp(thumbnail!).metadata()).toMatchObject({ format: 'jpeg' });
  }

  async function alphaAt(content: Buffer, left: number, top: number): Promise<number> {
    const pixel = await sharp(content).ensureAlpha().extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
    return pixel[3]!;
  }
});
