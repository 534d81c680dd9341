import type { Simulation } from '../simulation.js';
import type { Account } from '../world/account.js';
import { Phone } from '../contacts/phone.js';
import type { Clock } from '../world/clock.js';
import type { World } from '../worlds/world.js';
import { Problem } from '../world/problem.js';

/** What the control API acts on: the simulation in force and how to replace it. */
export class Stage {
  constructor(
    public current: Simulation,
    readonly network: { socketUrl: string; rootKey: string; mediaHost: string; caFile: string },
    private readonly renew: (seed: string, clock: Clock) => Simulation,
    /** Orders everything a world consists of from this API. */
    readonly build: (world: World) => Promise<void>,
  ) {}

  /** Ends every connection and starts over with an empty network. */
  reset(seed: string = this.current.seed.text): void {
    const old = this.current;
    old.clock.stop();
    this.current = this.renew(seed, old.clock.renewed());
    for (const { connection } of old.network.connections) connection.reset();
    old.media.close().catch((error: unknown) => {
      old.logger.warn({ err: error }, 'the files of the former network could not be deleted');
    });
  }

  account(pn: string): Account {
    const account = this.current.directory.find(pn);
    if (!account) throw new Problem(404, 'account.unknown', `There is no account ${pn}.`);
    return account;
  }

  /** A device of a person played here; without a number the phone. */
  phone(pn: string, device = 0): Phone {
    const account = this.account(pn);
    const played = device === 0 ? this.current.population.phoneOf(account) : account.devices.get(device);
    if (!(played instanceof Phone))
      throw new Problem(404, 'device.unknown', `${pn} has no device ${device} played by the simulator.`);
    return played;
  }
}
