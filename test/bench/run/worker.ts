import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Order, Reply } from './ipc.js';

const running = new Set<ChildProcess>();

/** Ends every child at once. */
export function killWorkers(): void {
  for (const child of running) child.kill('SIGKILL');
}

export function track(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

export interface WorkerOptions {
  name: string;
  args: string[];
  env?: Record<string, string>;
  /** Gets what the process writes to its outputs. */
  logFile: string;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** A Node process that takes orders over its IPC channel. */
export class Worker {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  constructor(private readonly options: WorkerOptions) {
    const { args, env = {}, logFile } = options;
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...inherited(), ...env },
    });
    this.child = child;
    track(child);
    const log = createWriteStream(logFile);
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.on('message', ({ id, result, error }: Reply) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${options.name}: ${error}`));
    });
    child.once('exit', () => {
      for (const { reject } of this.waiting.values()) reject(this.ended());
      this.waiting.clear();
    });
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  call<T>(command: string, argument: unknown = null): Promise<T> {
    if (!this.isRunning) return Promise.reject(this.ended());
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.child.send({ id, command, argument } satisfies Order);
    });
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  /** The end of what it wrote, for an error message. */
  ended(): Error {
    const log = readFileSync(this.options.logFile, 'utf8').split('\n').slice(-15).join('\n');
    return new Error(`${this.options.name} has ended.\n${log}`);
  }
}

/** Settings of whoever starts the benchmark must not change what is measured. */
const inherited = () => ({ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC' });
