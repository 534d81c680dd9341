import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

const { default: installer } = (await import('@ffmpeg-installer/ffmpeg')) as { default: { path: string } };

/** A file of the kind that `name` ends with, made by ffmpeg from a test picture or a tone. */
function film(name: string, ...args: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-sample-'));
  try {
    const path = join(folder, name);
    execFileSync(installer.path, ['-v', 'error', '-y', '-f', 'lavfi', '-i', ...args, path]);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PICTURE = 'testsrc=size=160x120:rate=10:duration=2';
const TONE = 'sine=frequency=440:duration=2';

/** Small real files, made when they are needed. */
export const sampleFiles = {
  /** `shade` makes it another picture. */
  jpg: (shade = 200) => picture(shade).jpeg().toBuffer(),
  png: (shade = 200) => picture(shade).png().toBuffer(),
  gif: () => film('moving.gif', PICTURE),
  mp4: () => film('film.mp4', PICTURE, '-pix_fmt', 'yuv420p'),
  mp3: () => film('tone.mp3', TONE),
  wav: () => film('tone.wav', TONE),
};

const picture = (shade: number) =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: { r: shade, g: 20, b: 20 } } });
