import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.js';

export interface ServerPlan {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** Whether the server can be run on this machine. */
export const hasProgram = (command: string, ...args: string[]): boolean => spawnSync(command, args).error === undefined;

/** A server of a test's own on a free loopback port, in a folder that goes with it. */
export class ServerProcess {
  readonly directory = mkdtempSync(join(tmpdir(), 'switchboard-service-'));
  private child: ChildProcess | null = null;
  private output = '';

  private constructor(readonly port: number) {}

  static async create(): Promise<ServerProcess> {
    return new ServerProcess(await freePort());
  }

  /** Starts it, again if it was killed, and resolves when it listens. */
  async start({ command, args, env = {} }: ServerPlan): Promise<void> {
    const { PATH = '' } = process.env;
    const child = spawn(command, args, {
      cwd: this.directory,
      // Its own group, for those that start others.
      detached: true,
      env: { PATH, HOME: this.directory, LANG: 'C.UTF-8', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-100_000)));
    await eventually(`${command} listens`, () => this.isListening(child));
  }

  /** The first match in what it printed. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(`it printed ${String(pattern)}`, () => pattern.exec(this.output));
  }

  /** kill -9, with all that it started. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await exited;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  private async isListening(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null) throw new Error(`It ended: ${this.output}`);
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
