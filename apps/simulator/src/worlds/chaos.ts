import type { World } from './world.js';

const misfortune = (match: object, action: object, probability: number) => ({
  call: 'POST /faults',
  body: { match, action, probability },
});

const toClients = { direction: 'out', tag: 'message' };
const fromClients = { direction: 'in', tag: 'message' };

/**
 * A bad day: what real networks do to their clients now and then. Each of it can be survived without losing or
 * repeating a message, and pairing still works.
 */
export const chaos: World = [
  misfortune(toClients, { kind: 'delay', ms: 100, jitterMs: 2_000 }, 0.2),
  misfortune(toClients, { kind: 'duplicate' }, 0.1),
  misfortune(toClients, { kind: 'corrupt' }, 0.05),
  // Comes again at the next login, of which there will be some.
  misfortune(toClients, { kind: 'drop' }, 0.03),
  misfortune(toClients, { kind: 'resetTcp' }, 0.02),
  misfortune(toClients, { kind: 'streamError', error: 503 }, 0.01),
  misfortune(fromClients, { kind: 'delay', ms: 50, jitterMs: 1_000 }, 0.2),
  misfortune(fromClients, { kind: 'closeSocket' }, 0.02),
  misfortune({ direction: 'in', tag: 'message' }, { kind: 'noReply' }, 0.02),
  misfortune({ direction: 'out', tag: 'receipt' }, { kind: 'delay', ms: 100, jitterMs: 3_000 }, 0.3),
  misfortune({ direction: 'in', tag: 'iq', childTag: 'usync' }, { kind: 'error', code: 503 }, 0.02),
];
