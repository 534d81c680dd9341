import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { MediaOptions } from '@app/platform/media/media-kind.js';
import { tooLarge, tooManyPixels, wrongKind } from '../media-errors.js';
import type { Draft } from '../media-intake.service.js';
import { draw, drawMoving, drawn, measure, MOST_PIXELS, pictures } from './picture.js';
import { inputOf, isReadable, probe } from './probe.js';
import type { Kitchen, Prepared } from './recipe.js';
import { withStickerInfo } from './sticker-info.js';

const SIDE = 512;
const STILL_BYTES = 500_000;
const ANIMATED_BYTES = 1_000_000;
const LONGEST_SECONDS = 6;
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };
const CIRCLE = Buffer.from(
  `<svg width="${SIDE}" height="${SIDE}"><circle cx="${SIDE / 2}" cy="${SIDE / 2}" r="${SIDE / 2}" fill="#fff"/></svg>`,
);

interface Effort {
  quality: number;
  framesPerSecond: number;
}

/** WebP of 512 × 512, still or moving, from pictures and short videos; worse until it is small enough. */
export async function prepareSticker(draft: Draft, kitchen: Kitchen): Promise<Prepared> {
  const { sticker = {} } = kitchen.options;
  const isAnimated = await moves(draft, kitchen);
  const path = join(kitchen.folder, 'sticker.webp');
  const limit = isAnimated ? ANIMATED_BYTES : STILL_BYTES;
  if (await isSticker(draft, sticker, limit)) {
    await writeFile(path, withStickerInfo(await readFile(draft.path), sticker));
    return { path, mimeType: 'image/webp', facts: { width: SIDE, height: SIDE, isAnimated } };
  }
  for (const effort of efforts(sticker)) {
    if (!isAnimated) await drawStill(draft, path, sticker, effort);
    else if (draft.mimeType === 'image/webp') await drawAnimated(draft, path, sticker, effort);
    else await film(draft, kitchen, path, effort);
    await writeFile(path, withStickerInfo(await readFile(path), sticker));
    const { size } = await stat(path);
    if (size <= limit) return { path, mimeType: 'image/webp', facts: { width: SIDE, height: SIDE, isAnimated } };
  }
  throw tooLarge(limit, undefined, 'sticker, even at its worst quality,');
}

/** Nothing would become better. */
async function isSticker({ path, mimeType, sizeBytes }: Draft, { shape, quality }: StickerOptions, limit: number) {
  if (mimeType !== 'image/webp' || sizeBytes > limit || quality !== undefined) return false;
  if (shape !== undefined && shape !== 'full') return false;
  const { width, height } = await measure(path);
  // Broken ones fail here and not on a phone.
  await drawn(draw(path).resize(16, 16).toBuffer());
  return width === SIDE && height === SIDE;
}

type StickerOptions = NonNullable<MediaOptions['sticker']>;

const efforts = ({ quality = 75 }: StickerOptions): Effort[] =>
  [quality, quality * 0.7, quality * 0.4, quality * 0.2, quality * 0.1].map((value, attempt) => ({
    quality: Math.max(1, Math.round(value)),
    framesPerSecond: 15 - attempt * 2,
  }));

/** Whether there is more than one picture in it. */
async function moves(draft: Draft, { ffmpeg }: Kitchen): Promise<boolean> {
  if (pictures.includes(draft.mimeType)) {
    const { pages = 1 } = await measure(draft.path);
    return pages > 1 && draft.mimeType !== 'image/tiff';
  }
  if (!isReadable(draft.mimeType) || !draft.mimeType.startsWith('video/')) throw wrongKind('sticker', draft.mimeType);
  const { video } = await probe(ffmpeg, draft);
  if (!video) throw wrongKind('sticker', draft.mimeType);
  if (video.width * video.height > MOST_PIXELS) throw tooManyPixels(MOST_PIXELS);
  return true;
}

const fitOf = ({ shape = 'full' }: StickerOptions) => (shape === 'full' ? 'contain' : 'cover');

async function drawStill(draft: Draft, path: string, sticker: StickerOptions, { quality }: Effort): Promise<void> {
  const picture = draw(draft.path)
    .resize(SIDE, SIDE, { fit: fitOf(sticker), background: CLEAR })
    .ensureAlpha();
  if (sticker.shape === 'circle') picture.composite([{ input: CIRCLE, blend: 'dest-in' }]);
  await drawn(picture.webp({ quality }).toFile(path));
}

async function drawAnimated(draft: Draft, path: string, sticker: StickerOptions, { quality }: Effort): Promise<void> {
  const picture = (await drawMoving(draft.path)).resize(SIDE, SIDE, { fit: fitOf(sticker), background: CLEAR });
  picture.ensureAlpha();
  if (sticker.shape === 'circle')
    picture.composite([{ input: CIRCLE, blend: 'dest-in', tile: true, gravity: 'north' }]);
  await drawn(picture.webp({ quality, loop: 0, effort: 2 }).toFile(path));
}

async function film(draft: Draft, kitchen: Kitchen, path: string, effort: Effort): Promise<void> {
  const { sticker = {} } = kitchen.options;
  const cut = ['-t', String(LONGEST_SECONDS)];
  const webp = ['-c:v', 'libwebp_anim', '-q:v', String(effort.quality), '-loop', '0', '-an', '-f', 'webp', path];
  const shape = `fps=${effort.framesPerSecond},${sticker.shape === 'crop' || sticker.shape === 'circle' ? CROP : PAD}`;
  if (sticker.shape !== 'circle')
    return kitchen.ffmpeg.run(['-threads', '2', ...inputOf(draft), ...cut, '-vf', shape, '-threads', '2', ...webp]);
  const mask = join(kitchen.folder, 'mask.png');
  await sharp(CIRCLE).flatten({ background: '#000' }).toColourspace('b-w').png().toFile(mask);
  const maskInput = ['-protocol_whitelist', 'file,pipe', '-f', 'image2', '-loop', '1', '-i', `file:${mask}`];
  const filter = `[0:v]${shape},split[picture][copy];[copy]alphaextract[alpha];[1:v]format=gray[circle];[alpha][circle]blend=all_mode=multiply:shortest=1[round];[picture][round]alphamerge`;
  return kitchen.ffmpeg.run([...inputOf(draft), ...maskInput, ...cut, '-filter_complex', filter, ...webp]);
}

const CROP = `scale=${SIDE}:${SIDE}:force_original_aspect_ratio=increase,crop=${SIDE}:${SIDE},setsar=1,format=rgba`;
const PAD = `scale=${SIDE}:${SIDE}:force_original_aspect_ratio=decrease,format=rgba,pad=${SIDE}:${SIDE}:(ow-iw)/2:(oh-ih)/2:color=0x00000000,setsar=1`;
