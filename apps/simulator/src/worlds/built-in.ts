import { readFileSync } from 'node:fs';
import { chaos } from './chaos.js';
import { small } from './small.js';
import type { World } from './world.js';

const builtIn: Record<string, World> = { small, chaos };

/** The names of the worlds that need no file. */
export const builtInWorlds = Object.keys(builtIn);

/** The worlds named in a comma-separated list, one after the other: built-in names, or paths of JSON files. */
export function worldNamed(list: string): World {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .flatMap((name) => builtIn[name] ?? read(name));
}

function read(path: string): World {
  const world: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(world) || !world.every((step) => typeof (step as { call?: unknown }).call === 'string'))
    throw new Error(`${path} is not a list of {"call": "POST /accounts", "body": …}`);
  return world as World;
}
