/** How many, and for how long. */
export interface SoakOptions {
  accounts: number;
  clients: number;
  /** Time in which nothing but keep-alives happens. */
  minutes: number;
  deadlineMs: number;
}

const usage = 'npm run test:soak -- [--minutes=5] [--clients=500] [--accounts=5000]';

/** Throws an error with a line for whoever typed the arguments. */
export function readSoakOptions(args: string[]): SoakOptions {
  const sizes = { accounts: 5000, clients: 500, minutes: 5 };
  for (const arg of args) {
    const [, name = '', value = ''] = /^--(\w+)=([\d.]+)$/.exec(arg) ?? [];
    if (!(name in sizes)) throw new Error(`unknown argument ${arg}; ${usage}`);
    sizes[name as keyof typeof sizes] = Number(value);
  }
  // Pairing costs the clients most: a quiet machine needs two minutes for 500, a busy one is given ten.
  return { ...sizes, deadlineMs: (sizes.minutes + 15) * 60_000 };
}
