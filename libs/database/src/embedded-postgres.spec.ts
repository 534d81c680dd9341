import { transformFileSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

const sources = 'libs/database/src';

describe('startEmbeddedPostgres', () => {
  let dataDir: string;
  const running: { stop(): Promise<void> }[] = [];
  const start = async (directory = dataDir): Promise<EmbeddedPostgres> => {
    const postgres = await startEmbeddedPostgres(directory, () => {}, { fsync: 'off' });
    running.push(postgres);
    return postgres;
  };
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'switchboard-embedded-'))));
  afterEach(async () => {
    for (const postgres of running.splice(0)) await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('keeps the data from one run to the next', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('listens on the loopback interface only, asks for the password and hides it from others', async () => {
    const { url } = await start();
    const passwordless = new URL(url);
    passwordless.password = 'guess';
    await expect(query(passwordless.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(statSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600);
  });

  it('refuses a directory that a live process works on, and names the process', async () => {
    await start();
    await expect(start()).rejects.toThrow(
      `The data directory ${dataDir} is in use by process ${process.pid}. Stop it, or set DATA_DIR to another directory.`,
    );
  });

  it('leaves no server behind when its process is killed, and starts again with the data', async () => {
    const child = await startInChild(dataDir);
    await query(child.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const server = serverPid(dataDir);
    child.process.kill('SIGKILL');
    const second = await start();
    expect(isAlive(server)).toBe(false);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('ends a server that nobody owns any more', async () => {
    const child = await startInChild(dataDir);
    const server = serverPid(dataDir);
    process.kill(server, 'SIGSTOP'); // so that it cannot end by itself
    child.process.kill('SIGKILL');
    const next = start();
    await sleep(200);
    process.kill(server, 'SIGCONT');
    await next;
    expect(isAlive(server)).toBe(false);
  });

  it('starts in spite of a lock file whose process id belongs to somebody else by now', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDir, 'postgres/process.lock'), `${process.ppid} 1`);
    writeFileSync(join(dataDir, 'postgres/data/postmaster.pid'), `${process.ppid}\n`);
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts the server again under the same URL when it alone dies', async () => {
    const { url } = await start();
    const server = serverPid(dataDir);
    process.kill(server, 'SIGKILL');
    await until(() => query(url, 'SELECT 1').then(() => serverPid(dataDir) !== server));
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('runs as an ordinary account when started by root, even below a folder that only root may enter', async () => {
    chmodSync(dataDir, 0o700);
    const inner = join(dataDir, 'inner');
    mkdirSync(inner);
    const { url } = await start(inner);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(join(inner, 'postgres/data')).uid).not.toBe(0);
  });
});

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const serverPid = (dataDir: string) =>
  Number(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A dead process stays in the table until its parent has looked; as root of a container nobody may do so.
    return !existsSync('/proc') || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue().catch(() => false))) await sleep(20);
}

/** Starts the server from a process of its own, which can be killed. */
async function startInChild(dataDir: string): Promise<{ process: ChildProcess; url: string }> {
  mkdirSync('node_modules/.cache', { recursive: true });
  const build = mkdtempSync('node_modules/.cache/switchboard-embedded-');
  for (const file of ['embedded-postgres', 'embedded-postgres-lock']) {
    const { code } = transformFileSync(join(sources, `${file}.ts`), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    writeFileSync(join(build, `${file}.js`), code);
  }
  writeFileSync(join(build, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(build, 'run.js'),
    `import { startEmbeddedPostgres } from './embedded-postgres.js';
     const { url } = await startEmbeddedPostgres(process.argv[2], () => {}, { fsync: 'off' });
     process.stdout.write(url);
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [join(build, 'run.js'), dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (chunk: Buffer) => done(chunk.toString()));
    child.once('exit', () => fail(new Error('the process with the server ended')));
  });
  rmSync(build, { recursive: true, force: true });
  return { process: child, url };
}
