import type { Logger } from 'pino';
import { Population } from './contacts/population.js';
import { createGroupService } from './groups/group-service.js';
import { LimitedMessages } from './limits/limited-messages.js';
import { Limits } from './limits/limits.js';
import { Faults } from './faults/faults.js';
import { routeMedia } from './media/iq-media.js';
import { MediaStore } from './media/media-store.js';
import type { MediaSite } from './media/media-store.js';
import { Calls } from './messages/calls.js';
import { GroupMessages } from './messages/group-messages.js';
import { Loads } from './load/loads.js';
import { PersonMessages } from './messages/person-messages.js';
import { PersonReceipts } from './messages/person-receipts.js';
import { Plane } from './messages/plane.js';
import { Presence } from './messages/presence.js';
import { SharedReceipts } from './messages/shared-receipts.js';
import { StatusMessages } from './messages/status-messages.js';
import { link, unlink } from './network/device-list.js';
import { Dispatcher } from './network/dispatcher.js';
import { Gate } from './network/gate.js';
import { Network } from './network/network.js';
import { createOfferings } from './offerings.js';
import { Pairing } from './pairing/pairing.js';
import { PairingCode } from './pairing/pairing-code.js';
import { routePictures } from './pictures/iq-pictures.js';
import { PictureService } from './pictures/picture-service.js';
import { Pictures } from './pictures/pictures.js';
import { Profile } from './profile/profile.js';
import { Trust } from './profile/trust.js';
import { routeAccount } from './routes/iq-account.js';
import { routeCommunities } from './routes/iq-communities.js';
import { routeGroups } from './routes/iq-groups.js';
import { routeKeys } from './routes/iq-keys.js';
import { routeProfile } from './routes/iq-profile.js';
import { routePairing } from './routes/iq-pairing.js';
import { IqRouter } from './routes/iq-router.js';
import { routeSettings } from './routes/iq-settings.js';
import { routeUsync } from './routes/iq-usync.js';
import { Counters } from './traffic/counters.js';
import { StanzaLog } from './traffic/stanza-log.js';
import type { Clock } from './world/clock.js';
import type { Companion } from './world/companion.js';
import type { Core } from './world/core.js';
import { Directory } from './world/directory.js';
import { createGuard } from './world/guard.js';
import { Seed } from './world/seed.js';

const CAPTURED_STANZAS = 20_000;

/** One network with its people, connections and records; a reset replaces it by a new one. */
export type Simulation = ReturnType<typeof createSimulation>;

/** Builds an empty network and connects its parts. */
export function createSimulation(seedText: string, clock: Clock, logger: Logger, site: MediaSite) {
  const seed = new Seed(seedText);
  const directory = new Directory(seed);
  const counters = new Counters();
  const log = new StanzaLog(CAPTURED_STANZAS, clock);
  const faults = new Faults(() => seed.random('faults'));
  const guard = (clock.guard = createGuard(counters, logger));
  const usedKeyOf = (jid: string) => directory.findDevice(jid)?.keys.usedPreKey();
  const network = new Network({ log, faults, counters, guard, clock, seed, usedKeyOf });
  const core: Core = { directory, seed, clock, counters, logger, write: network.write };

  const [trust, profile, media] = [new Trust(core), new Profile(core), new MediaStore(core, site)];
  const groupService = createGroupService(core);
  const { groups } = groupService;
  const limits = new Limits(core);
  const messages = new Plane()
    .use(new LimitedMessages(new PersonMessages(core, trust), limits, directory))
    .use(new GroupMessages(core, groups))
    .use(new StatusMessages(core));
  const receipts = new Plane().use(new PersonReceipts(core)).use(new SharedReceipts(core, groups));
  const presence = new Presence(core, groups);
  const calls = new Calls(core);
  const population = new Population({ core, groups, messages, receipts, media, presence, calls, trust });
  const ownerOf = (pn: string) => population.ownerOf(pn);
  const pairing = new Pairing(core, ownerOf, (companion) => link(companion, core));
  const pairingCode = new PairingCode(core, pairing, ownerOf);

  const router = new IqRouter(network.write, counters);
  routeKeys(router, directory);
  const lookups = routeUsync(router, core);
  routeProfile(router, { directory, profile, trust });
  routeSettings(router, core, media);
  routePairing(router, pairingCode);
  routeMedia(router, media);
  const pictures = routePictures(router, lookups, new PictureService(core, groups, new Pictures(media, seed)));
  groups.onDeleted = (group) => pictures.pictures.remove(group);
  routeGroups(router, groupService, directory);
  routeCommunities(router, groupService);
  const activate = (companion: Companion): void => {
    companion.drain();
    population.phoneOf(companion.account).welcome(companion);
  };
  routeAccount(router, clock, { activate, logOut: (companion) => unlink(companion, core) });

  const hooks = { router, lookups, messages, receipts, population, limits, pictures: pictures.pictures };
  const offerings = createOfferings(core, hooks);

  const gate = new Gate(core, pairing, activate);
  const dispatcher = new Dispatcher(core, { gate, pairing, pairingCode, router, messages, receipts, presence });
  dispatcher.on('call', (from, node) => calls.received(from, node));
  network.use(dispatcher);
  const people = { presence, calls, profile, trust, pictures, population, pairing, pairingCode };
  return { core, ...core, log, faults, network, media, groupService, loads: new Loads(core), ...people, ...offerings };
}
