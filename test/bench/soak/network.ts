import { randomBytes } from 'node:crypto';
import { freePort } from '../run/gateway.js';
import { distPath } from '../run/paths.js';
import { Simulator } from '../run/simulator.js';
import { until } from '../run/until.js';
import type { Usage } from '../run/usage.js';
import { Worker } from '../run/worker.js';

/** The simulated network in a process that can be asked what it uses once its garbage is collected. */
export interface SoakedNetwork {
  simulator: Simulator;
  settledUsage(): Promise<Usage>;
  stop(): Promise<void>;
}

export async function startNetwork(logFile: string): Promise<SoakedNetwork> {
  const [port, token] = [await freePort(), randomBytes(16).toString('hex')];
  const probe = ['--import', distPath('test/bench/run/probe.js')];
  const worker = new Worker({
    name: 'simulator',
    args: ['--expose-gc', ...probe, distPath('apps/simulator/src/main.js')],
    env: { SIMULATOR_PORT: String(port), SIMULATOR_TOKEN: token },
    logFile,
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the simulator', () => isReady(url), { everyMs: 100 });
  const answer = await fetch(`${url}/network`, { headers: { authorization: `Bearer ${token}` } });
  const { socketUrl, rootKey } = (await answer.json()) as { socketUrl: string; rootKey: string };
  const simulator = Simulator.connect({ url, token, socketUrl, rootKey }, async () => worker.stop());
  return { simulator, settledUsage: () => worker.call<Usage>('settledUsage'), stop: () => simulator.stop() };
}

async function isReady(url: string): Promise<true | null> {
  const answer = await fetch(`${url}/health`).catch(() => null);
  return answer?.ok ? true : null;
}
