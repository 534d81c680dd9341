import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// This file runs as dist/test/bench/run/paths.js.
const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A file of the build. */
export const distPath = (file: string): string => join(dist, file);
