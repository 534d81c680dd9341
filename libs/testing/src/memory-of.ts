import { readFileSync, writeFileSync } from 'node:fs';
import type { GatewayProcess } from './gateway-process.js';

/** What a gateway occupies of memory in MB: now (`VmRSS`), or at most since `peakAnew` (`VmHWM`). */
export function memoryOf(gateway: GatewayProcess, what: 'VmRSS' | 'VmHWM'): number {
  const [, kb] = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))!;
  return Number(kb) / 1024;
}

/** Lets the peak begin anew. */
export const peakAnew = ({ pid }: GatewayProcess): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
