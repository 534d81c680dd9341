import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../eventually.js';
import { hasProgram } from './server-process.js';

export const hasKafka = (): boolean => hasProgram('kcat', '-V');

/** A server of the Kafka protocol: the one inside librdkafka, which `kcat` runs. In memory, without users. */
export async function aKafkaBroker() {
  // It consumes a topic that nobody writes to, so that it stays.
  const args = ['-C', '-b', 'unused', '-t', 'idle', '-X', 'test.mock.num.brokers=1', '-d', 'mock'];
  const server = spawn('kcat', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  server.stderr.on('data', (chunk: Buffer) => (output += output.length < 10_000 ? chunk.toString() : ''));
  const [, address = ''] = await eventually('kcat serves', () => /bootstrap\.servers=(\S+)/.exec(output));
  return {
    address,
    url: `kafka://${address}`,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    },
  };
}
