import { invalid } from '@app/platform/errors/app-error.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import type { EventTrait } from '@app/platform/events/event-traits.js';

/** Which events of a tenant somebody wants; empty lists mean all. */
export interface EventFilter {
  /** Types, also groups such as `message.*`. */
  types: string[];
  sessionIds: string[];
  /** An event has all of these traits … */
  only: EventTrait[];
  /** … and none of these. */
  skips: EventTrait[];
}

/** Fills up what is not said. Throws `event.unknown-type`. */
export function toFilter({ types, sessionIds, only, skips }: Partial<EventFilter>): EventFilter {
  const unknown = types?.find((type) => !isEventFilter(type));
  if (unknown !== undefined) throw invalid('event.unknown-type', '/types', `${unknown.slice(0, 80)} is no event type`);
  return { types: types ?? [], sessionIds: sessionIds ?? [], only: only ?? [], skips: skips ?? [] };
}

/** Whether it leaves nothing out. */
export const isOpen = (filter: EventFilter): boolean =>
  [filter.types, filter.sessionIds, filter.only, filter.skips].every((list) => list.length === 0);

/** What a type may be called in a filter. */
export const namesOfType = (type: string): string[] => [type, `${type.split('.')[0]}.*`, '*'];

interface Filterable {
  type: string;
  sessionId: string | null;
  traits: string[];
}

/** The same as the statement that reads the log asks of the database. */
export function isWanted({ type, sessionId, traits }: Filterable, filter: EventFilter): boolean {
  const names = namesOfType(type);
  return (
    (filter.types.length === 0 || filter.types.some((name) => names.includes(name))) &&
    (filter.sessionIds.length === 0 || (sessionId !== null && filter.sessionIds.includes(sessionId))) &&
    filter.only.every((trait) => traits.includes(trait)) &&
    !filter.skips.some((trait) => traits.includes(trait))
  );
}
