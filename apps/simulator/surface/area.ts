import type { BaileysEventMap, WASocket } from '@whiskeysockets/baileys';
import type { BaileysClient } from '../test-kit/baileys-client.js';
import { useSimulator } from '../test-kit/use-simulator.js';

/** What an exercise works with: a network, a linked client and somebody it can talk to. */
export interface Stage {
  world: ReturnType<typeof useSimulator>;
  /** An unmodified client, linked and online. */
  me: BaileysClient;
  /** A person played by the simulator, behaviour `reader`. */
  friend: { pn: string; lid: string; jid: string };
}

/** Proves that a function works, or that an event occurs, end to end; or says why that cannot be. */
export type Exercise = ((stage: Stage) => Promise<unknown>) | { not: string };

/** A part of the protocol: which of the client library's functions and events it covers, and how. */
export interface Area {
  title: string;
  functions: Partial<Record<keyof WASocket, Exercise>>;
  events: Partial<Record<keyof BaileysEventMap, Exercise>>;
}

/** Runs every exercise of an area as a test of its own, on one network with one client. */
export function exercise({ title, functions, events }: Area): void {
  describe(title, () => {
    const world = useSimulator({ seed: title });
    let stage: Stage | undefined;
    beforeAll(async () => {
      const me = await world.aClient().pair(world.aNumber());
      const { pn, lid } = await world.aContact({ behaviour: 'reader' });
      stage = { world, me, friend: { pn, lid, jid: `${pn}@s.whatsapp.net` } };
    });
    const all = { ...prefixed('socket.', functions), ...prefixed('event ', events) };
    it.each(Object.keys(all))('%s', async (name) => {
      if (!stage) throw new Error('There is no stage.');
      await all[name]?.(stage);
    });
  });
}

/** What can be exercised; for the rest the list of what is covered tells why not. */
function prefixed(prefix: string, entries: Record<string, Exercise>) {
  const proofs = Object.entries(entries).flatMap(([name, entry]) =>
    typeof entry === 'function' ? [[prefix + name, entry] as const] : [],
  );
  return Object.fromEntries(proofs);
}
