import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Throws one clear line when a port is taken; one that was just given up gets a moment. */
export async function waitForPort(variable, port, host, attemptsLeft = 10) {
  const problem = await tryPort(port, host).then(
    () => null,
    (error) => error,
  );
  if (!problem) return;
  if (problem.code === 'EADDRINUSE' && attemptsLeft > 0) {
    await sleep(100);
    return waitForPort(variable, port, host, attemptsLeft - 1);
  }
  const { ConfigError } = await import('../../dist/libs/platform/src/config/config.js');
  if (problem.code === 'EADDRINUSE')
    throw new ConfigError(`${variable} ${port} of ${host} is in use; set another ${variable}.`);
  throw new ConfigError(`${variable} ${port} of ${host} cannot be used: ${problem.message}`);
}

export const freePort = (host) => tryPort(0, host);

function tryPort(port, host) {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(port, host, () => {
      const { port: taken } = probe.address();
      probe.close(() => done(taken));
    });
  });
}
