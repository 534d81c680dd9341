import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftOverServer, lockFolder } from './embedded-postgres-lock.js';

/** Tells a person what takes long; called only for what lasts more than two seconds. */
export type Progress = (message: string) => void;

export interface EmbeddedPostgres {
  url: string;
  stop(): Promise<void>;
}

/** The account that runs the server: PostgreSQL refuses to run as root. */
type Account = { uid?: number; gid?: number };

const USER = 'switchboard';
const SHARED_BINARIES = '/var/lib/switchboard';
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  jit: 'off',
  // Prepared statements keep the plans that suited their tables when these were empty, until the tables are analysed.
  // With the default of a minute, the first minute of traffic reads whole tables, again and again.
  autovacuum_naptime: '5s',
  // Errors of single statements are the client's business, and would put row values into the log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
};

/**
 * The end of the pipe at descriptor 3 ends the server, so it never outlives this process, not even after kill -9.
 * A line on the pipe says that the server is gone already. The watcher is forked twice, since the server would take
 * the exit of an unknown child for a crash.
 */
const TIED_TO_PIPE = '( ( read -r _ <&3 || kill -INT $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-';

/**
 * Starts a PostgreSQL server of this process's own, with its files under `<dataDir>/postgres`. It listens on the
 * loopback interface only, is started again if it dies, and ends with this process.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  onProgress: Progress = () => {},
  extraSettings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  const folder = join(resolve(dataDir), 'postgres');
  mkdirSync(resolve(dataDir), { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const release = await lockFolder(folder);
  try {
    const account = accountFor(folder);
    const bin = join(binariesFor(account), 'bin');
    const server = { folder, account, bin, port: await freePort(), settings: { ...settings, ...extraSettings } };
    const password = readPassword(folder, account);
    await slow(onProgress, 'Ending a database server that an earlier run left …', endLeftOverServer(folder));
    if (!existsSync(join(folder, 'data')))
      await slow(onProgress, 'Creating the database files …', createCluster(server));
    const keeper = new ServerKeeper(server, onProgress);
    await slow(onProgress, 'Waiting for the database server …', keeper.start());
    return {
      url: `postgres://${USER}:${password}@127.0.0.1:${server.port}/postgres`,
      stop: () => keeper.stop().finally(release),
    };
  } catch (error) {
    release();
    throw error;
  }
}

interface Server {
  folder: string;
  account: Account;
  bin: string;
  port: number;
  settings: Record<string, string>;
}

/** Keeps one server process running: starts it, and starts it again when it alone dies. */
class ServerKeeper {
  private child: ChildProcess | undefined;
  private isStopping = false;

  constructor(
    private readonly server: Server,
    private readonly onProgress: Progress,
  ) {}

  /** A server that was just killed can hold its files for a moment, so a few failures are forgiven. */
  async start(attemptsLeft = 20): Promise<void> {
    if (this.isStopping) return;
    const failure = await this.launch();
    if (!failure) return;
    if (attemptsLeft <= 0 || !/lock file|shared memory|Address already in use/.test(failure))
      throw new Error(`The database server did not start: ${failure}`);
    await sleep(250);
    await this.start(attemptsLeft - 1);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((done) => child.once('exit', done));
    child.ref();
    child.kill('SIGINT');
    await exited;
  }

  /** Resolves to null when the server accepts connections, to its last words when it ended before. */
  private launch(): Promise<string | null> {
    const { server } = this;
    const options = Object.entries({ ...server.settings, port: String(server.port) });
    const args = options.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const { directory, cwd } = reachable(join(server.folder, 'data'), server.account);
    const child = spawn('/bin/sh', ['-c', TIED_TO_PIPE, 'sh', join(server.bin, 'postgres'), '-D', directory, ...args], {
      ...server.account,
      cwd,
      // Its own process group, or Ctrl-C would end the server before its clients are done.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { LC_ALL: 'C' },
    });
    this.child = child;
    const [, , stderr, pipe] = child.stdio;
    let words = '';
    return new Promise<string | null>((done, fail) => {
      child.once('error', fail);
      stderr?.on('data', (chunk: Buffer) => {
        words = (words + chunk.toString()).slice(-2000);
        if (words.includes('ready to accept connections')) done(null);
      });
      child.once('exit', () => {
        if (pipe && 'end' in pipe) pipe.on('error', () => {}).end('\n');
        setTimeout(() => done(words.trim() || 'it gave no reason'), 50);
      });
    }).then((failure) => {
      if (failure !== null) return failure;
      words = '';
      child.once('exit', () => void this.restart());
      for (const handle of [child, stderr, pipe] as ({ unref?: () => void } | null)[]) handle?.unref?.();
      return null;
    });
  }

  private async restart(delayMs = 100): Promise<void> {
    if (this.isStopping) return;
    this.onProgress('The database server ended and is started again …');
    try {
      await this.start();
    } catch (error) {
      this.onProgress((error as Error).message);
      await sleep(delayMs, undefined, { ref: false });
      await this.restart(Math.min(delayMs * 2, 5000));
    }
  }
}

/** Made beside its final place and renamed, so that a cluster is whole or absent. */
async function createCluster({ folder, account, bin }: Server): Promise<void> {
  const fresh = join(folder, 'data.new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  own(fresh, account);
  const { directory, cwd } = reachable(fresh, account);
  const args = ['-D', directory, '-U', USER, '--auth=scram-sha-256', `--pwfile=${directory}/../password`];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const child = spawn(join(bin, 'initdb'), [...args, ...locale], {
    ...account,
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(`The database files could not be created: ${words.trim()}`);
  renameSync(fresh, join(folder, 'data'));
}

/** As root: the owner of data that is there already, else `postgres`, else `nobody`. Otherwise: whoever we are. */
function accountFor(folder: string): Account {
  if (process.getuid?.() !== 0) return {};
  const owner = existsSync(join(folder, 'data')) ? statSync(join(folder, 'data')) : null;
  const account = owner?.uid ? { uid: owner.uid, gid: owner.gid } : (find('postgres') ?? find('nobody'));
  if (!account) throw new Error('There is no account "postgres" or "nobody" for the database server to run as.');
  own(folder, account);
  return account;

  function find(name: string): Account | null {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' })) | 0);
      return { uid, gid };
    } catch {
      return null;
    }
  }
}

/** The server binaries, copied to where everybody may read them if `account` cannot enter the place they are in. */
function binariesFor(account: Account): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(`There is no embedded PostgreSQL for this system (${name}). Set DATABASE_URL to a server.`);
  }
  const native = join(root, 'native');
  restoreLinks(native);
  if (spawnSync(join(native, 'bin/postgres'), ['--version'], account).status === 0) return native;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(SHARED_BINARIES, `postgresql-${version}`);
  if (!existsSync(copy)) {
    cpSync(native, `${copy}.${process.pid}`, { recursive: true, verbatimSymlinks: true });
    for (const folder of [SHARED_BINARIES, `${copy}.${process.pid}`]) chmodSync(folder, 0o755);
    renameSync(`${copy}.${process.pid}`, copy);
  }
  return copy;
}

/** The archive of the package cannot hold links; its install script, which may be switched off, makes them. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const [from, to] = [source, target].map((path) => join(dirname(native), path)) as [string, string];
    if (!existsSync(to)) symlinkSync(basename(from), to);
  }
}

/**
 * How a process of `account` names a folder. Below a folder that it may not enter (such as a private home of root)
 * Linux still lets it work from the inside: started there, it finds the folder as its own working directory.
 */
function reachable(folder: string, account: Account): { directory: string; cwd: string } {
  const isOpen = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' }).status === 0;
  if (!isOpen && process.platform !== 'linux')
    throw new Error(`The account of the database server cannot enter ${folder}; set DATA_DIR to another place.`);
  return { directory: isOpen ? folder : '/proc/self/cwd', cwd: folder };
}

function readPassword(folder: string, account: Account): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  own(file, account);
  return readFileSync(file, 'utf8').trim();
}

function own(path: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

async function slow<T>(onProgress: Progress, message: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(onProgress, 2000, message);
  return work.finally(() => clearTimeout(timer));
}
