import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';

/** Notes for every client of an account that is away that something of a kind has changed; answers which these are. */
export function soil({ devices }: Account, type: string, timestamp: number): Companion[] {
  const clients = [...devices.values()].filter((device) => device instanceof Companion);
  const away = clients.filter(({ connection }) => !connection);
  for (const { dirty } of away) dirty.set(type, timestamp);
  return away;
}
