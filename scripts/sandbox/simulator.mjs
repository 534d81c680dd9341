import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Starts the simulated network; resolves to `{ url, socketUrl, rootKey, token, mediaHost, caFile }`. The end of its
 * stdin ends it, so it never outlives this process, not even after kill -9.
 */
export async function startSimulator(onGone) {
  const child = spawn(process.execPath, ['dist/apps/simulator/src/main.js'], {
    env: {
      ...process.env,
      SIMULATOR_TOKEN: process.env.SIMULATOR_TOKEN?.trim() || undefined,
      SIMULATOR_STOP_WITH_PARENT: '1',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
    // Its own process group, or Ctrl-C would end the network before the gateway has taken its leave.
    detached: true,
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error('The simulator did not start.');
  });
  const listening = once(createInterface(child.stdout), 'line');
  const [line] = await Promise.race([listening, ended]);
  ended.catch(onGone);
  return JSON.parse(line);
}
