import { AppError } from '../errors/app-error.js';

const MAX_DEPTH = 32;
const MAX_KEYS = 200;
const MAX_VALUES = 10_000;

interface Place {
  value: unknown;
  pointer: string;
  depth: number;
}

/** Refuses a body that costs too much to look at field by field, or whose keys class-transformer would trip over. */
export function assertModestShape(body: unknown): void {
  const open: Place[] = [{ value: body, pointer: '', depth: 0 }];
  let seen = 1;
  for (let place = open.pop(); place; place = open.pop()) {
    if (typeof place.value !== 'object' || place.value === null) continue;
    if (place.depth >= MAX_DEPTH) throw refused(place.pointer, `must not be nested deeper than ${MAX_DEPTH} levels`);
    const keys = keysOf(place.value, place.pointer);
    seen += keys.length;
    if (seen > MAX_VALUES) throw refused(place.pointer, `must leave the body at ${MAX_VALUES} values at most`);
    const inner = place.value as Record<string, unknown>;
    for (const key of keys)
      open.push({ value: inner[key], pointer: pointerTo(place.pointer, key), depth: place.depth + 1 });
  }
}

/** A JSON pointer to a key below another pointer. */
export const pointerTo = (parent: string, key: string) =>
  `${parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

function keysOf(value: object, pointer: string): string[] {
  const keys = Object.keys(value);
  if (Array.isArray(value)) return keys;
  if (keys.length > MAX_KEYS) throw refused(pointer, `must have ${MAX_KEYS} keys at most`);
  const reserved = keys.find((key) => key in Object.prototype);
  if (reserved !== undefined) throw refused(pointerTo(pointer, reserved), 'is not a known field');
  return keys;
}

const refused = (pointer: string, detail: string) =>
  new AppError('invalid', 'request.invalid', 'The body has a shape that no request needs.', {
    errors: [{ pointer, detail }],
  });
