import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of this test's own, on a free loopback port and without files. */
export async function aRedisServer(): Promise<{ redisUrl: string; stop(): Promise<void> }> {
  const port = await freePort();
  const server = spawn('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  await new Promise<void>((done, fail) => {
    server.stdout.on('data', (chunk: Buffer) => chunk.includes('Ready to accept connections') && done());
    server.once('exit', () => fail(new Error('redis-server did not start')));
  });
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  return { redisUrl: `redis://127.0.0.1:${port}`, stop: () => (server.kill(), exited) };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
