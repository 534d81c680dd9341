import type { Draft } from '../media-intake.service.js';
import { unreadable } from '../media-errors.js';
import type { FfmpegService } from './ffmpeg.service.js';

/** What is in a file of sound or moving pictures. */
export interface Probe {
  seconds: number | null;
  video: { codec: string; pixelFormat: string; width: number; height: number } | null;
  audio: { codec: string; hertz: number; isMono: boolean } | null;
}

/** ffmpeg's reader for each type that we let it read. */
const readers: Record<string, string> = {
  'audio/aac': 'aac',
  'audio/amr': 'amr',
  'audio/flac': 'flac',
  'audio/mp4': 'mov',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'image/gif': 'gif',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'video/matroska': 'matroska',
  'video/mp4': 'mov',
  'video/mpeg': 'mpeg',
  'video/ogg': 'ogg',
  'video/quicktime': 'mov',
  'video/vnd.avi': 'avi',
  'video/webm': 'matroska',
  'video/x-matroska': 'matroska',
};

export const isReadable = (mimeType: string): boolean => mimeType in readers;

/** The arguments that make ffmpeg read a file, as nothing but what its first bytes say it is. */
export function inputOf({ path, mimeType }: Pick<Draft, 'path' | 'mimeType'>): string[] {
  const reader = readers[mimeType];
  if (!reader) throw unreadable();
  return ['-protocol_whitelist', 'file,pipe', '-f', reader, '-i', `file:${path}`];
}

/** There is no ffprobe in every installation; ffmpeg says the same to people. */
export async function probe(ffmpeg: FfmpegService, file: Pick<Draft, 'path' | 'mimeType'>): Promise<Probe> {
  const text = await ffmpeg.describe(inputOf(file));
  const streams = text.split('\n').filter((line) => /^\s*Stream #/.test(line));
  // Covers of songs are streams, too.
  const video = streams.find((line) => line.includes(': Video: ') && !line.includes('(attached pic)'));
  const audio = streams.find((line) => line.includes(': Audio: '));
  if (!video && !audio) throw unreadable();
  return { seconds: secondsOf(text), video: video ? videoOf(video, text) : null, audio: audio ? audioOf(audio) : null };
}

function secondsOf(text: string): number | null {
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d\d):(\d\d\.\d+)/.exec(text) ?? [];
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function videoOf(line: string, text: string): Probe['video'] {
  const [, codec = '', rest = ''] = /: Video: (\w+)(.*)/.exec(line) ?? [];
  const [, pixelFormat = ''] = /, (\w+)[(,]/.exec(rest.replace(/\([^)]*\)/g, '')) ?? [];
  const [, first = 0, second = 0] = /, (\d{1,6})x(\d{1,6})/.exec(rest) ?? [];
  const isTurned = /rotate\s*:\s*(90|270)\b|rotation of -?(90|270)\./.test(text);
  const [width, height] = isTurned ? [second, first] : [first, second];
  return { codec, pixelFormat, width: Number(width), height: Number(height) };
}

function audioOf(line: string): Probe['audio'] {
  const [, codec = '', hertz = '0', layout = ''] = /: Audio: (\w+).*?, (\d+) Hz, (\w+)/.exec(line) ?? [];
  return { codec, hertz: Number(hertz), isMono: layout === 'mono' || layout === '1' };
}
