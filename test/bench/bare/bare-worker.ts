import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { serve } from '../run/ipc.js';
import type { Network } from '../run/simulator.js';
import { usageCommands } from '../run/usage.js';
import { BareFleet, type SendOrder } from './bare-fleet.js';

// The process that the gateway is compared with: the library as it comes, and nothing of ours.
let fleet: BareFleet | undefined;

function current(): BareFleet {
  if (!fleet) throw new Error('"join" comes first');
  return fleet;
}

serve({
  ...usageCommands,
  join: (network: Network) => {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(network.rootKey, 'hex');
    fleet = new BareFleet(network);
  },
  pair: (pns: string[]) => current().pair(pns),
  send: (order: SendOrder) => current().send(order),
  forwardTo: (url: string) => current().forwardTo(url),
  assertForwarded: () => current().assertForwarded(),
  opens: () => current().opens(),
  reopened: (opens: number) => current().reopened(opens),
});
