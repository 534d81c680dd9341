import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Run {
  child: ChildProcess;
  output: string;
  ended: Promise<number | null>;
}

interface Listed {
  items: { fromMe: boolean; text: string; status: string }[];
}

const START_TIMEOUT_MS = 90_000;
const TEST_TIMEOUT_MS = 150_000;

describe('npm run sandbox', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-sandbox-'));
  const runs: Run[] = [];
  const settings = async () => ({ DATA_DIR: dataDir, PORT: await freePort(), SIMULATOR_PORT: await freePort() });

  afterAll(async () => {
    for (const { child, ended } of runs) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(env: Record<string, string>, ...args: string[]): Promise<Run> {
    const run = launch(env, ...args);
    runs.push(run);
    for (const deadline = Date.now() + START_TIMEOUT_MS; !run.output.includes('Ctrl-C ends the sandbox');) {
      if (run.child.exitCode !== null || Date.now() > deadline) throw new Error(`no sandbox: ${run.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return run;
  }

  async function stop({ child, ended }: Run): Promise<number | null> {
    child.kill('SIGTERM');
    return ended;
  }

  it(
    'prints lines that link, send, show the reply and what somebody writes, at the first start and at a later one',
    async () => {
      const first = await start(await settings());
      await tryOut(first);
      expect(statSync(join(dataDir, 'sandbox/sandbox.json')).mode & 0o777).toBe(0o600);
      expect(await stop(first)).toBe(0);

      const second = await start(await settings());
      expect(labelled(second, 'Tenant token')).toBe(labelled(first, 'Tenant token'));
      expect(labelled(second, 'Session')).toBe(labelled(first, 'Session'));
      await tryOut(second);
      expect(await stop(second)).toBe(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'has a world, and a bad day in it when told so',
    async () => {
      const run = await start(await settings(), '--chaos');
      const faults = /^Who else .*Chaos is on: (curl .*\/faults .*) shows/m.exec(run.output)?.[1] ?? '';
      const { stdout } = await promisify(execFile)('bash', ['-c', faults]);
      expect((JSON.parse(stdout) as { items: object[] }).items.length).toBeGreaterThan(8);
      expect(await stop(run)).toBe(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'leaves nothing behind when it is killed, and starts again on the same ports',
    async () => {
      const env = await settings();
      const first = await start(env);
      first.child.kill('SIGKILL');
      await first.ended;
      await tryOut(await start(env));
    },
    TEST_TIMEOUT_MS,
  );

  it('refuses an argument that it does not know', async () => {
    const run = launch(await settings(), '--order');
    expect(await run.ended).toBe(1);
    expect(run.output.trim()).toBe('Cannot start: --order is not known; there is --chaos.');
  });

  it('names the port that is in use in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    const run = launch({ ...(await settings()), SIMULATOR_PORT: port });
    expect(await run.ended).toBe(1);
    expect(run.output.trim()).toBe(
      `Cannot start: SIMULATOR_PORT ${port} of 127.0.0.1 is in use; set another SIMULATOR_PORT.`,
    );
    server.close();
  });
});

/** Pastes the lines into a shell, one after the other. */
async function tryOut({ output }: Run): Promise<void> {
  const lines = output.split('\n').filter((line) => line.startsWith('curl '));
  expect(lines).toHaveLength(4);
  const answers: string[] = [];
  for (const line of lines) answers.push((await promisify(execFile)('bash', ['-c', line])).stdout);
  expect(answers[0]).toContain('"status":"connected"');
  expect(JSON.parse(answers[1]!)).toMatchObject({ fromMe: true, text: 'Hello!' });
  expect((JSON.parse(answers[2]!) as Listed).items.map(({ fromMe, text }) => [fromMe, text])).toEqual([
    [false, 'Hello!'],
    [true, 'Hello!'],
  ]);
  expect((JSON.parse(answers[3]!.slice(answers[3]!.indexOf('{"items"'))) as Listed).items).toMatchObject([
    { fromMe: false, text: 'Can you bring dessert?' },
  ]);
}

function launch(settings: Record<string, string>, ...args: string[]): Run {
  // Variables of the test run, such as a database, are none of the sandbox's.
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['scripts/sandbox.mjs', ...args], { env: { PATH, HOME, ...settings } });
  const run: Run = { child, output: '', ended: once(child, 'close').then(([code]) => code as number | null) };
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (run.output += String(chunk)));
  return run;
}

const labelled = ({ output }: Run, label: string) => new RegExp(`${label} +(\\S+)`).exec(output)?.[1];

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}
