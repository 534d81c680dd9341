import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process of ours started from the build, as a user would start it. */
export class Child {
  readonly lines: string[] = [];
  private readonly process: ChildProcess;
  private readonly exited: Promise<unknown>;

  constructor(script: string, env: Record<string, string>) {
    const { PATH, HOME, TEST_NODE_OPTIONS } = process.env;
    this.process = spawn(process.execPath, [script], {
      env: { PATH, HOME, NODE_OPTIONS: TEST_NODE_OPTIONS ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.process, 'exit');
    for (const stream of [this.process.stdout, this.process.stderr])
      if (stream) createInterface(stream).on('line', (line) => this.lines.push(line));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The first match in what the process prints. Fails with its output when it ends first. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    let hasEnded = false;
    void this.exited.then(() => (hasEnded = true));
    for (;;) {
      for (const line of this.lines) {
        const match = pattern.exec(line);
        if (match) return match;
      }
      if (hasEnded) throw new Error(`ended before it printed ${String(pattern)}:\n${this.lines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to end, and answers its exit code. */
  async stop(): Promise<number | null> {
    this.process.kill('SIGTERM');
    await this.exited;
    return this.process.exitCode;
  }
}
