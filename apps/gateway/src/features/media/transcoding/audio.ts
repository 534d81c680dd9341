import { join } from 'node:path';
import { unreadable, wrongKind } from '../media-errors.js';
import type { Draft } from '../media-intake.service.js';
import { inputOf, isReadable, probe, type Probe } from './probe.js';
import type { Kitchen, Prepared } from './recipe.js';
import { readWaveform, WAVEFORM_HERTZ } from './waveform.js';

const SAMPLES = ['-map', '0:a:0', '-ac', '1', '-ar', String(WAVEFORM_HERTZ), '-f', 's16le', 'pipe:1'];

/** What every app plays; the rest becomes AAC. */
const played = ['audio/aac', 'audio/amr', 'audio/mp4', 'audio/mpeg', 'audio/ogg'];

/** A voice note: Opus in Ogg, mono at 48 kHz, since iPhones play nothing else as one, with its waveform. */
export async function prepareVoice(draft: Draft, { ffmpeg, folder, maxBytes }: Kitchen): Promise<Prepared> {
  const { audio } = await soundOf(draft, { ffmpeg }, 'voice');
  const isReady = draft.mimeType === 'audio/ogg' && audio.codec === 'opus' && audio.isMono;
  const path = isReady ? draft.path : join(folder, 'voice.ogg');
  const encode = ['-map', '0:a:0', '-vn', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k'];
  const voice = [...encode, '-application', 'voip', '-map_metadata', '-1', '-fs', String(maxBytes), '-f', 'ogg', path];
  let sound: Awaited<ReturnType<typeof readWaveform>> | undefined;
  await ffmpeg.run(['-threads', '2', ...inputOf(draft), ...(isReady ? [] : voice), ...SAMPLES], {
    onOutput: async (samples) => void (sound = await readWaveform(samples)),
  });
  if (!sound?.seconds) throw unreadable();
  return { path, mimeType: 'audio/ogg', facts: sound };
}

/** Music and recordings to listen to. */
export async function prepareAudio(draft: Draft, { ffmpeg, folder, maxBytes }: Kitchen): Promise<Prepared> {
  const { seconds, video } = await soundOf(draft, { ffmpeg }, 'audio');
  if (played.includes(draft.mimeType)) return { path: draft.path, mimeType: draft.mimeType, facts: { seconds } };
  // A recorder's MP4 has no picture, and looks like a video otherwise.
  if (draft.mimeType === 'video/mp4' && !video) return { path: draft.path, mimeType: 'audio/mp4', facts: { seconds } };
  const path = join(folder, 'audio.m4a');
  const aac = ['-map', '0:a:0', '-vn', '-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-map_metadata', '-1'];
  await ffmpeg.run([...inputOf(draft), ...aac, '-movflags', '+faststart', '-fs', String(maxBytes), '-f', 'mp4', path]);
  return { path, mimeType: 'audio/mp4', facts: { seconds } };
}

type Sound = Probe & { audio: NonNullable<Probe['audio']> };

async function soundOf(draft: Draft, { ffmpeg }: Pick<Kitchen, 'ffmpeg'>, kind: 'voice' | 'audio'): Promise<Sound> {
  if (!isReadable(draft.mimeType) || draft.mimeType.startsWith('image/')) throw wrongKind(kind, draft.mimeType);
  const { audio, ...rest } = await probe(ffmpeg, draft);
  if (!audio) throw wrongKind(kind, draft.mimeType);
  return { ...rest, audio };
}
