import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { tooManyPixels, wrongKind } from '../media-errors.js';
import type { Draft } from '../media-intake.service.js';
import { inputOf, isReadable, probe, type Probe } from './probe.js';
import { animatedGifOf, MOST_PIXELS, thumbnailOf } from './picture.js';
import type { Kitchen, Prepared } from './recipe.js';

const h264 = (quality: number) =>
  `-c:v libx264 -preset veryfast -crf ${quality} -profile:v main -pix_fmt yuv420p`.split(' ');
const H264 = h264(26);
/** As the apps send videos unless told to keep them. */
const COMPRESSED = { side: 848, quality: 30 };
const AAC = '-c:a aac -b:a 128k -ac 2'.split(' ');
const LONGEST_NOTE_SECONDS = 60;
const LONGEST_GIF_SECONDS = 60;
const NOTE_SIZE = 480;

/** The longer side at most so many pixels; H.264 wants even numbers. */
const fit = (side: number) =>
  `scale='if(gt(iw,ih),trunc(min(${side},iw)/2)*2,-2)':'if(gt(iw,ih),-2,trunc(min(${side},ih)/2)*2)',setsar=1`;
const FIT = fit(1280);
const SQUARE = `crop='min(iw,ih)':'min(iw,ih)',scale=${NOTE_SIZE}:${NOTE_SIZE},setsar=1`;

type Film = Probe & { video: NonNullable<Probe['video']> };

/** MP4 with H.264 and AAC that starts to play while it loads; left alone when it is so already. */
export async function prepareVideo(draft: Draft, kitchen: Kitchen): Promise<Prepared> {
  const film = await filmOf(draft, kitchen, 'video');
  const streams = ['-map', '0:v:0', '-map', '0:a:0?'];
  if (kitchen.options.compress) {
    const smaller = ['-vf', fit(COMPRESSED.side), ...h264(COMPRESSED.quality), ...AAC];
    return encodeTo('video.mp4', draft, kitchen, [...streams, ...smaller]);
  }
  const isEncoded =
    draft.mimeType === 'video/mp4' &&
    film.video.codec === 'h264' &&
    film.video.pixelFormat === 'yuv420p' &&
    (film.audio === null || film.audio.codec === 'aac');
  if (isEncoded && (await startsAtOnce(draft.path))) return finish(draft.path, film, kitchen);
  const encode = isEncoded ? ['-c', 'copy'] : ['-vf', FIT, ...H264, ...AAC];
  return encodeTo('video.mp4', draft, kitchen, [...streams, ...encode]);
}

/** A silent MP4, which the apps play in a loop. */
export async function prepareGif(draft: Draft, kitchen: Kitchen): Promise<Prepared> {
  const source = draft.mimeType === 'image/webp' ? await animatedGifOf(draft, kitchen.folder) : draft;
  await filmOf(source, kitchen, 'gif');
  const cut = ['-t', String(LONGEST_GIF_SECONDS)];
  return encodeTo('gif.mp4', source, kitchen, [...cut, '-map', '0:v:0', '-an', '-vf', FIT, ...H264]);
}

/** A round video: the middle as a square, one minute at most. */
export async function prepareVideoNote(draft: Draft, kitchen: Kitchen): Promise<Prepared> {
  await filmOf(draft, kitchen, 'video-note');
  const cut = ['-t', String(LONGEST_NOTE_SECONDS), '-map', '0:v:0', '-map', '0:a:0?'];
  return encodeTo('note.mp4', draft, kitchen, [...cut, '-vf', SQUARE, ...H264, ...AAC]);
}

async function filmOf(draft: Pick<Draft, 'path' | 'mimeType'>, { ffmpeg }: Kitchen, kind: string): Promise<Film> {
  const isGif = draft.mimeType === 'image/gif' && kind === 'gif';
  if (!isReadable(draft.mimeType) || !(draft.mimeType.startsWith('video/') || isGif))
    throw wrongKind(kind, draft.mimeType);
  const { video, ...rest } = await probe(ffmpeg, draft);
  if (!video) throw wrongKind(kind, draft.mimeType);
  if (video.width * video.height > MOST_PIXELS) throw tooManyPixels(MOST_PIXELS);
  return { ...rest, video };
}

async function encodeTo(
  name: string,
  draft: Pick<Draft, 'path' | 'mimeType'>,
  kitchen: Kitchen,
  how: string[],
): Promise<Prepared> {
  const path = join(kitchen.folder, name);
  const container = ['-movflags', '+faststart', '-map_metadata', '-1', '-fs', String(kitchen.maxBytes), '-f', 'mp4'];
  await kitchen.ffmpeg.run(['-threads', '2', ...inputOf(draft), ...how, '-threads', '2', ...container, path]);
  const film = await filmOf({ path, mimeType: 'video/mp4' }, kitchen, 'video');
  return finish(path, film, kitchen);
}

async function finish(path: string, { seconds, video }: Film, { ffmpeg, folder }: Kitchen): Promise<Prepared> {
  const frame = join(folder, 'frame.jpg');
  await ffmpeg.run([
    ...inputOf({ path, mimeType: 'video/mp4' }),
    '-frames:v',
    '1',
    '-c:v',
    'mjpeg',
    '-f',
    'image2',
    frame,
  ]);
  const { width, height } = video;
  return { path, mimeType: 'video/mp4', facts: { seconds, width, height, thumbnail: await thumbnailOf(frame) } };
}

/** Whether the index of an MP4 comes before the data, so that it plays while it loads. */
async function startsAtOnce(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(16);
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      const kind = head.toString('latin1', 4, 8);
      if (bytesRead < 16 || kind === 'mdat') return false;
      if (kind === 'moov') return true;
      const size = head.readUInt32BE(0) === 1 ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0);
      if (size < 8) return false;
      at += size;
    }
  } finally {
    await file.close();
  }
}
