import { ServerProcess } from './server-process.js';

/** A Redis that keeps what it has when it is killed, and wants a password. */
export async function aRedisBroker(password = 'secret-of-redis') {
  const server = await ServerProcess.create();
  const settings = {
    bind: '127.0.0.1',
    port: String(server.port),
    requirepass: password,
    appendonly: 'yes',
    appendfsync: 'always',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const start = () => server.start({ command: 'redis-server', args });
  await start();
  return {
    port: server.port,
    url: `redis://:${password}@127.0.0.1:${server.port}`,
    start,
    kill: () => server.kill(),
    stop: () => server.dispose(),
  };
}
