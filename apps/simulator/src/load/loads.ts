import type { Core } from '../world/core.js';
import { Load } from './load.js';
import type { LoadOrder } from './load.js';

const MAX_REMEMBERED = 100;

/** All streams of load, running and past. */
export class Loads {
  private readonly byId = new Map<string, Load>();
  private started = 0;

  constructor(private readonly core: Core) {}

  start(order: LoadOrder): Load {
    const load = new Load(String(++this.started), order, this.core);
    this.byId.set(load.id, load);
    for (const [id, { state }] of this.byId) {
      if (this.byId.size <= MAX_REMEMBERED) break;
      if (state !== 'running') this.byId.delete(id);
    }
    return load;
  }

  find(id: string): Load | undefined {
    return this.byId.get(id);
  }

  list(): Load[] {
    return [...this.byId.values()];
  }
}
