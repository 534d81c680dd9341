import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { Config, readSearchPath } from '@app/platform/config/config.js';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { tooSlow, unreadable } from '../media-errors.js';

/** How much of what ffmpeg says is kept; the facts about its input come first, the reason of a failure last. */
const SAID_BYTES = 64 * 1024;
/** Address space of a conversion, in KiB. A 4K video needs about half of it. */
const MEMORY_KIB = 3 * 1024 * 1024;
const LOWEST_USEFUL_PRIORITY = 10;
/** Sets the limit where the system has it, then becomes ffmpeg. */
const LIMITED = `ulimit -v ${MEMORY_KIB} 2>/dev/null; exec "$0" "$@"`;

export interface Run {
  /** Gets what ffmpeg writes to `pipe:1`, while it does. */
  onOutput?: (output: Readable) => Promise<void>;
}

interface Ended {
  code: number | null;
  said: string;
  isTooSlow: boolean;
}

/**
 * Runs ffmpeg on files of strangers: in a process of its own with limits on time and memory, without our environment,
 * at low priority. It may open files and pipes only, and is told what format its input has, so that no playlist can
 * make it read something else.
 */
@Injectable()
export class FfmpegService implements OnApplicationShutdown {
  private readonly logger = new Logger('Ffmpeg');
  private readonly running = new Set<ChildProcess>();
  private found: Promise<string> | undefined;

  constructor(private readonly config: Config) {}

  /** Throws `media.unreadable` when ffmpeg fails, `media.too-slow` when it takes too long. */
  async run(args: string[], { onOutput }: Run = {}): Promise<void> {
    const { code, said } = await this.ended(['-v', 'error', ...args], onOutput);
    if (code === 0) return;
    this.logger.debug(`ffmpeg ended with ${code}: ${said.slice(-500)}`);
    throw unreadable();
  }

  /** What ffmpeg says of a file; it may be anything. */
  async describe(input: string[]): Promise<string> {
    return (await this.ended(input)).said;
  }

  onApplicationShutdown(): void {
    for (const child of this.running) child.kill('SIGKILL');
  }

  private async ended(args: string[], onOutput?: Run['onOutput']): Promise<Ended> {
    const ended = await this.start(await this.binary(), args, onOutput);
    if (ended.isTooSlow) throw tooSlow(this.config.mediaTranscodeSeconds);
    return ended;
  }

  private async start(binary: string, args: string[], onOutput?: Run['onOutput']): Promise<Ended> {
    const full = ['-hide_banner', '-nostdin', '-y', ...args];
    const options = {
      env: { PATH: readSearchPath() },
      stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    };
    const child =
      process.platform === 'win32'
        ? spawn(binary, full, options)
        : spawn('/bin/sh', ['-c', LIMITED, binary, ...full], options);
    this.running.add(child);
    lowerPriority(child);
    let isTooSlow = false;
    const timer = setTimeout(() => {
      isTooSlow = true;
      child.kill('SIGKILL');
    }, this.config.mediaTranscodeSeconds * 1000);
    try {
      const [code, said] = await Promise.all([exitOf(child), read(child.stderr), drain(child.stdout, onOutput)]);
      return { code, said, isTooSlow };
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
      this.running.delete(child);
    }
  }

  /** FFMPEG_PATH, else the one on PATH, else the one that npm brought. Looked for once; a failure is not kept. */
  private binary(): Promise<string> {
    this.found ??= this.find().catch((error: unknown) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  private async find(): Promise<string> {
    const { ffmpegPath } = this.config;
    const candidates = ffmpegPath === undefined ? ['ffmpeg', await installed()] : [ffmpegPath];
    for (const candidate of candidates) if (candidate !== null && (await this.works(candidate))) return candidate;
    throw unavailable('media.transcoding-unavailable', 'The file must be converted, and there is no ffmpeg here.');
  }

  private async works(binary: string): Promise<boolean> {
    return this.start(binary, ['-version']).then(
      ({ code }) => code === 0,
      () => false,
    );
  }
}

/** The binary of the optional dependency; null where there is none for this system. */
async function installed(): Promise<string | null> {
  try {
    const { default: installer } = (await import('@ffmpeg-installer/ffmpeg')) as { default: { path: string } };
    return installer.path;
  } catch {
    return null;
  }
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });

async function read(stream: Readable): Promise<string> {
  let said = '';
  for await (const chunk of stream) if (said.length < SAID_BYTES) said += String(chunk);
  return said;
}

async function drain(stream: Readable, onOutput?: Run['onOutput']): Promise<void> {
  if (onOutput) await onOutput(stream);
  stream.resume();
}

/** Messages come first. It may have ended already, or the system may not let us. */
function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, LOWEST_USEFUL_PRIORITY);
  } catch {
    // Then it runs like everything else.
  }
}

/** Whether a failure is the file's and not ours. */
export const isUnreadable = (error: unknown): boolean => error instanceof AppError && error.code === 'media.unreadable';
