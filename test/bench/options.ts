export const figureNames = [
  'http',
  'send1',
  'send20',
  'receive',
  'events',
  'neighbour',
  'memory',
  'reconnect',
  'simulator',
] as const;
export type FigureName = (typeof figureNames)[number];

/** How much of everything. */
export interface Sizes {
  rounds: number;
  /** No further round is begun for a figure that has taken this long. */
  figureMs: number;
  sendOne: { count: number; inFlight: number };
  sendMany: { count: number; inFlight: number };
  receive: { count: number };
  events: number;
  neighbour: { perSecond: number; seconds: number };
  /** As many sessions as can be paired in the time, up to a limit. */
  memory: { from: number; to: number; pairingMs: number };
  http: { perSecond: number; seconds: number };
  simulator: { count: number; inFlight: number };
}

export interface Options {
  only: readonly FigureName[];
  isQuick: boolean;
  /** Writes a CPU profile of the gateway for each round; the figures suffer a little. */
  isProfiled: boolean;
  deadlineMs: number;
  sizes: Sizes;
}

/** Sessions of the figures that have many. */
export const SESSIONS = 20;

const full: Sizes = {
  rounds: 5,
  figureMs: 15_000,
  sendOne: { count: 1200, inFlight: 32 },
  sendMany: { count: 3000, inFlight: 64 },
  receive: { count: 3000 },
  events: 20_000,
  neighbour: { perSecond: 100, seconds: 5 },
  memory: { from: SESSIONS, to: 120, pairingMs: 60_000 },
  http: { perSecond: 100, seconds: 10 },
  simulator: { count: 5000, inFlight: 64 },
};

const quick: Sizes = {
  rounds: 1,
  figureMs: 5_000,
  sendOne: { count: 500, inFlight: 32 },
  sendMany: { count: 1000, inFlight: 64 },
  receive: { count: 1000 },
  events: 3000,
  neighbour: { perSecond: 100, seconds: 2 },
  memory: { from: SESSIONS, to: 50, pairingMs: 15_000 },
  http: { perSecond: 100, seconds: 3 },
  simulator: { count: 1000, inFlight: 64 },
};

/** When nothing else is measured there is time to see whether memory stays flat. */
const EVENTS_ALONE = 100_000;

export const usage = `npm run bench -- [--quick] [--only=${figureNames.join(',')}] [--profile]`;

/** Throws an error with a line for whoever typed the arguments. */
export function readOptions(args: string[]): Options {
  const options: Options = {
    only: figureNames,
    isQuick: args.includes('--quick'),
    isProfiled: args.includes('--profile'),
    deadlineMs: 300_000,
    sizes: { ...(args.includes('--quick') ? quick : full) },
  };
  for (const arg of args) {
    const [name, value = ''] = arg.split(/=(.*)/s);
    if (name === '--only') options.only = value.split(',').map(figureName);
    else if (name !== '--quick' && name !== '--profile') throw new Error(`unknown argument ${arg}; ${usage}`);
  }
  if (options.only.join() === 'events' && !options.isQuick) options.sizes.events = EVENTS_ALONE;
  return options;
}

function figureName(text: string): FigureName {
  const name = figureNames.find((candidate) => candidate === text);
  if (!name) throw new Error(`unknown figure ${text}; ${usage}`);
  return name;
}
