import { join } from 'node:path';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { tooManyPixels, tooSlow, unreadable, wrongKind } from '../media-errors.js';
import type { Draft } from '../media-intake.service.js';
import type { Kitchen, Prepared } from './recipe.js';

/** A picture that unfolds to more is a bomb, or a poster that no phone shows. */
export const MOST_PIXELS = 64_000_000;
/** Of formats that must be unfolded whole, all frames together; JPEG and PNG are read line by line. */
const MOST_UNFOLDED_PIXELS = 24_000_000;
const readByLine = ['jpeg', 'png'];
const LONGEST_SIDE = 1600;
const PROFILE_SIDE = 640;
const THUMBNAIL_SIDE = 160;
const SMALL_PNG_SIDE = 96;
const THUMBNAIL_BYTES = 32_000;
const SECONDS = 30;

/** What sharp can read; SVG can refer to other files and is not among them. */
export const pictures = ['image/avif', 'image/gif', 'image/jpeg', 'image/png', 'image/tiff', 'image/webp'];
const shown = ['image/jpeg', 'image/png'];

// Nothing is drawn twice, and threads would compete with the messages.
sharp.cache(false);
sharp.concurrency(1);

/** A picture, upright, without what the camera wrote into it (its place above all). */
export const draw = (path: string, options: { pages?: number } = {}): Sharp =>
  sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'error', ...options })
    .autoOrient()
    .timeout({ seconds: SECONDS });

/** Runs sharp and says in our words what is wrong with the picture. */
export async function drawn<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { message } = error as Error;
    if (message.includes('pixel limit')) throw tooManyPixels(MOST_PIXELS);
    throw message.includes('timeout') ? tooSlow(SECONDS) : unreadable(error);
  }
}

export async function measure(path: string): Promise<Metadata> {
  const metadata = await drawn(sharp(path, { limitInputPixels: MOST_PIXELS }).metadata());
  const { format, width, height } = metadata;
  if (!readByLine.includes(format) && width * height > MOST_UNFOLDED_PIXELS) throw tooManyPixels(MOST_UNFOLDED_PIXELS);
  return metadata;
}

/** As many frames of a moving picture as may be unfolded; the rest is cut off, like the end of a long video. */
export async function drawMoving(path: string): Promise<Sharp> {
  const { width, height, pages = 1 } = await measure(path);
  return draw(path, { pages: Math.min(pages, Math.max(1, Math.floor(MOST_UNFOLDED_PIXELS / (width * height)))) });
}

/** As it is when every app shows it; else, or to be smaller, as a JPEG. */
export async function prepareImage(draft: Draft, { folder, options }: Kitchen): Promise<Prepared> {
  await assertPicture(draft, 'image');
  if (shown.includes(draft.mimeType) && !options.compress) return finish(draft.path, draft.mimeType);
  const path = join(folder, 'image.jpg');
  const size = options.compress ? LONGEST_SIDE : undefined;
  const picture = draw(draft.path).resize(size, size, { fit: 'inside', withoutEnlargement: true });
  await drawn(picture.flatten({ background: '#fff' }).jpeg({ quality: 80, mozjpeg: false }).toFile(path));
  return finish(path, 'image/jpeg');
}

/** A profile photo: the middle as a square. */
export async function preparePicture(draft: Draft, { folder }: Kitchen): Promise<Prepared> {
  await assertPicture(draft, 'picture');
  const path = join(folder, 'picture.jpg');
  const picture = draw(draft.path).resize(PROFILE_SIDE, PROFILE_SIDE, { fit: 'cover' });
  await drawn(picture.flatten({ background: '#fff' }).jpeg({ quality: 80 }).toFile(path));
  return finish(path, 'image/jpeg');
}

/** A JPEG small enough to travel inside the message. */
export async function thumbnailOf(path: string): Promise<Buffer> {
  const small = draw(path).resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true });
  const flat = small.flatten({ background: '#fff' });
  const thumbnail = await drawn(flat.clone().jpeg({ quality: 60 }).toBuffer());
  return thumbnail.length <= THUMBNAIL_BYTES ? thumbnail : drawn(flat.jpeg({ quality: 20 }).toBuffer());
}

/** A PNG of the same use, with what shines through. */
export async function smallPngOf(path: string): Promise<Buffer> {
  const size = { fit: 'inside', withoutEnlargement: true } as const;
  const small = draw(path).resize(SMALL_PNG_SIDE, SMALL_PNG_SIDE, size);
  // With a palette it cannot grow beyond a byte a pixel.
  return drawn(small.png({ palette: true }).toBuffer());
}

/** An animated WebP as a GIF, since ffmpeg cannot read the former. */
export async function animatedGifOf(draft: Draft, folder: string): Promise<Pick<Draft, 'path' | 'mimeType'>> {
  const path = join(folder, 'animated.gif');
  await drawn((await drawMoving(draft.path)).gif({ effort: 1 }).toFile(path));
  return { path, mimeType: 'image/gif' };
}

async function assertPicture({ path, mimeType }: Draft, kind: string): Promise<void> {
  if (!pictures.includes(mimeType)) throw wrongKind(kind, mimeType);
  await measure(path);
}

async function finish(path: string, mimeType: string): Promise<Prepared> {
  const { width, height, orientation = 1 } = await measure(path);
  const isTurned = orientation >= 5;
  const thumbnail = await thumbnailOf(path);
  return {
    path,
    mimeType,
    facts: { width: isTurned ? height : width, height: isTurned ? width : height, thumbnail },
  };
}
