import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Makes this process the only one that works on a folder; returns what gives it back. The lock of a process that is
 * gone does not count, and a process is known by id and start time, since ids come again (in containers at once).
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const lock = join(folder, 'process.lock');
  const own = `${process.pid} ${startTime(process.pid)}`;
  for (let waitedMs = 0; ;) {
    try {
      writeFileSync(lock, own, { flag: 'wx', mode: 0o600 });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    // A lock is empty while another process writes it.
    if (readIfThere(lock) === '') await sleep(50);
    const holder = readIfThere(lock) ?? '';
    const [pid = ''] = holder.split(' ');
    if (!pid || holder !== `${pid} ${startTime(Number(pid))}`) takeAway(lock, holder);
    // A process that was just told to end may need a moment.
    else if ((waitedMs += 50) > 500) throw new FolderInUseError(folder, pid);
    else await sleep(50);
  }
}

/** Renaming is atomic: of two processes that find the same stale lock only one removes it. */
function takeAway(lock: string, expected: string): void {
  const stale = `${lock}.${process.pid}`;
  try {
    renameSync(lock, stale);
  } catch {
    return;
  }
  if (readIfThere(stale) === expected) rmSync(stale, { force: true });
  else renameSync(stale, lock);
}

export class FolderInUseError extends Error {
  constructor(folder: string, pid: string) {
    super(
      `The data directory ${dirname(folder)} is in use by process ${pid}. Stop it, or set DATA_DIR to another directory.`,
    );
  }
}

/** Ends a server that still works on the cluster though the process it belonged to is gone. */
export async function endLeftOverServer(folder: string): Promise<void> {
  const pidFile = join(folder, 'data/postmaster.pid');
  const pid = Number(readIfThere(pidFile)?.split('\n')[0]);
  if (!pid) return;
  for (let waitedMs = 0; isServer(pid, join(folder, 'data')); waitedMs += 50) {
    // First politely; after ten seconds without the last checkpoint, which the next start makes up for.
    if (waitedMs % 10_000 === 0) process.kill(pid, waitedMs === 0 ? 'SIGINT' : 'SIGQUIT');
    await sleep(50);
  }
  rmSync(pidFile, { force: true });
}

/** Whether process `pid` is a database server on `data`, and not one that got a dead server's id. */
function isServer(pid: number, data: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(data);
  } catch {
    return false;
  }
}

/** When a process started, in a form to compare; empty when there is no such process. */
function startTime(pid: number): string {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    // Fields 3 and 22, counted from behind the name in parentheses, which may hold spaces. Zombies are gone.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
