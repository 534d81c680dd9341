import { hasProgram, ServerProcess } from './server-process.js';

export const hasNats = (): boolean => hasProgram('nats-server', '--version');

/** A NATS with JetStream and the user `switchboard`. */
export async function aNatsBroker(password = 'secret-of-nats') {
  const server = await ServerProcess.create();
  const login = ['--user', 'switchboard', '--pass', password];
  const args = ['-a', '127.0.0.1', '-p', String(server.port), '-js', '-sd', server.directory, ...login];
  const start = () => server.start({ command: 'nats-server', args });
  await start();
  return {
    port: server.port,
    url: `nats://switchboard:${password}@127.0.0.1:${server.port}`,
    start,
    kill: () => server.kill(),
    stop: () => server.dispose(),
  };
}
