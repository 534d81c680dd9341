import type { Behaviour } from '../behaviour.js';
import { blocked, echo, lidOnly, multiDevice, phone, reader, replier, silent, sink, unreachable } from './basic.js';
import { caller, editor, flooder, reactor, voter } from './lively.js';
import { mediaSenders } from './media.js';

/** Everything a person can be told to be, by the name the control API uses. */
export const behaviours: Record<string, Behaviour> = {
  silent,
  reader,
  echo,
  replier,
  flooder,
  voter,
  reactor,
  editor,
  caller,
  lidOnly,
  multiDevice,
  unreachable,
  blocked,
  sink,
  phone,
  ...mediaSenders,
};

/** The behaviour with this name. */
export function behaviourNamed(name: string): Behaviour {
  return behaviours[name] ?? silent;
}
