import type { Behaviour } from '../behaviour.js';
import { echo, phone, reader, replier, silent, sink, unreachable } from './basic.js';

/** Everything a person can be told to be, by the name the control API uses. */
export const behaviours: Record<string, Behaviour> = { silent, reader, echo, replier, sink, unreachable, phone };

/** The behaviour with this name. */
export function behaviourNamed(name: string): Behaviour {
  return behaviours[name] ?? silent;
}
