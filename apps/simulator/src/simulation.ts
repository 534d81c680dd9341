import type { Logger } from 'pino';
import { Acquaintance } from './contacts/acquaintance.js';
import { Population } from './contacts/population.js';
import { MessagePlane } from './messages/message-plane.js';
import { PresencePlane } from './messages/presence-plane.js';
import { ReceiptPlane } from './messages/receipt-plane.js';
import { Dispatcher } from './network/dispatcher.js';
import { Gate } from './network/gate.js';
import { Network } from './network/network.js';
import { link, unlink } from './network/device-list.js';
import { Pairing } from './pairing/pairing.js';
import { PairingCode } from './pairing/pairing-code.js';
import { routeAccount } from './routes/iq-account.js';
import { routeKeys } from './routes/iq-keys.js';
import { routePairing } from './routes/iq-pairing.js';
import { IqRouter } from './routes/iq-router.js';
import { routeSettings } from './routes/iq-settings.js';
import { routeUsync } from './routes/iq-usync.js';
import { Counters } from './traffic/counters.js';
import { Faults } from './traffic/faults.js';
import { StanzaLog } from './traffic/stanza-log.js';
import { Directory } from './world/directory.js';
import { Seed } from './world/seed.js';

const CAPTURED_STANZAS = 20_000;

/** One network with its people, connections and records; a reset replaces it by a new one. */
export type Simulation = ReturnType<typeof createSimulation>;

/** Builds an empty network and connects its parts. */
export function createSimulation(seedText: string, logger: Logger) {
  const seed = new Seed(seedText);
  const directory = new Directory(seed);
  const counters = new Counters();
  const log = new StanzaLog(CAPTURED_STANZAS);
  const faults = new Faults(() => seed.random());
  const network = new Network(log, faults, counters, logger);
  const { write } = network;

  const messages = new MessagePlane(directory);
  const receipts = new ReceiptPlane(directory);
  const presence = new PresencePlane(directory);
  const population = new Population({ directory, messages, receipts, seed, logger });
  const acquaintance = new Acquaintance(directory, seed);
  const pairing = new Pairing(
    write,
    (pn) => population.ownerOf(pn),
    (companion) => link(companion, seed),
  );
  const pairingCode = new PairingCode(write, pairing, (pn) => population.ownerOf(pn));

  const router = new IqRouter(write, counters);
  routeKeys(router, directory);
  routeUsync(router, directory);
  routeSettings(router, seed);
  routePairing(router, pairingCode);
  routeAccount(router, directory, {
    activate: (companion) => {
      companion.drain();
      if (!companion.isAcquainted) acquaintance.introduce(population.phoneOf(companion.account), companion);
    },
    logOut: (companion) => unlink(companion, seed),
  });

  const gate = new Gate(directory, pairing, write);
  network.use(new Dispatcher({ gate, pairing, pairingCode, router, messages, receipts, presence, counters, write }));
  return { seed, directory, counters, log, faults, network, presence, population, pairing, pairingCode };
}
