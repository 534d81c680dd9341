import type { Readable } from 'node:stream';

/** Low enough to be cheap, high enough to hear what is loud. */
export const WAVEFORM_HERTZ = 8000;
const BARS = 64;
const BLOCK = WAVEFORM_HERTZ / 20;

/** The loudness of a recording as the apps draw it, and its length, from samples of 16 bits at 8 kHz. */
export async function readWaveform(samples: Readable): Promise<{ waveform: Buffer; seconds: number }> {
  const blocks: number[] = [];
  let [sum, count, total] = [0, 0, 0];
  let odd: Buffer = Buffer.alloc(0);
  for await (const chunk of samples) {
    const bytes = odd.length ? Buffer.concat([odd, chunk as Buffer]) : (chunk as Buffer);
    const even = bytes.length - (bytes.length % 2);
    for (let at = 0; at < even; at += 2) {
      sum += Math.abs(bytes.readInt16LE(at));
      if (++count < BLOCK) continue;
      blocks.push(sum / count);
      total += count;
      [sum, count] = [0, 0];
    }
    odd = bytes.subarray(even);
  }
  if (count) blocks.push(sum / count);
  return { waveform: bars(blocks), seconds: (total + count) / WAVEFORM_HERTZ };
}

/** 64 bars from 0 to 100, the loudest being 100. */
function bars(blocks: number[]): Buffer {
  const loudest = Math.max(1, ...thin(blocks, 4096));
  return Buffer.from(thin(blocks, BARS).map((loudness) => Math.min(100, Math.round((loudness / loudest) * 100))));
}

/** Averages of `parts` equal parts; short lists are stretched. */
function thin(values: number[], parts: number): number[] {
  if (!values.length) return Array.from({ length: parts }, () => 0);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.max(from + 1, Math.floor(((part + 1) * values.length) / parts));
    const slice = values.slice(from, to);
    return slice.reduce((sum, value) => sum + value, 0) / slice.length;
  });
}
