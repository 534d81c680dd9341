import type { ToldAhead } from '@app/database/entities/wa-group.entity.js';
import type { GroupFeatures, MembershipChange } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import { isSamePerson } from './group-members.js';

const nothing: ToldAhead = { features: {}, people: [], isIn: null };

/** What comes to the same for whoever is told. */
const outcomes: Partial<Record<MembershipChange, ToldAhead['people'][number]['change']>> = {
  added: 'added',
  joined: 'added',
  removed: 'removed',
  left: 'removed',
  promoted: 'promoted',
  demoted: 'demoted',
};

/** Which changes take each other back. */
const isMembership = (change: string) => change === 'added' || change === 'removed';

/** What is left of both; the later one wins. */
export function toldLater(known: ToldAhead | null, { features, people, isIn }: Partial<ToldAhead>): ToldAhead {
  const before = known ?? nothing;
  return {
    features: { ...before.features, ...features },
    people: [
      ...before.people.filter((person) => !(people ?? []).some((other) => isAbout(person, other))),
      ...(people ?? []),
    ],
    isIn: isIn ?? before.isIn,
  };
}

/** What of these features was not told yet, and what is still to be expected. */
export function newFeatures(known: ToldAhead, features: GroupFeatures): { news: GroupFeatures; rest: ToldAhead } {
  const isKnown = (name: string, value: unknown) => name in known.features && known.features[name] === value;
  const news = Object.fromEntries(Object.entries(features).filter(([name, value]) => !isKnown(name, value)));
  const rest = Object.fromEntries(Object.entries(known.features).filter(([name]) => !(name in features)));
  return { news, rest: { ...known, features: rest } };
}

/** The same for people. */
export function newPeople(
  known: ToldAhead,
  change: MembershipChange,
  people: WaPerson[],
): { news: WaPerson[]; rest: ToldAhead } {
  const outcome = outcomes[change];
  if (!outcome) return { news: people, rest: known };
  const told = (person: WaPerson) => known.people.find((other) => isAbout(other, { ...person, change: outcome }));
  return {
    news: people.filter((person) => told(person)?.change !== outcome),
    rest: {
      ...known,
      people: known.people.filter((other) => !people.some((person) => isAbout(other, { ...person, change: outcome }))),
    },
  };
}

/** The account is out of the group, as was told or is told now. */
export const noLonger = (ahead: ToldAhead): ToldAhead => ({ ...ahead, isIn: null });

/** Null when there is nothing more to expect. */
export const orNothing = (ahead: ToldAhead): ToldAhead | null =>
  ahead.isIn === null && !ahead.people.length && !Object.keys(ahead.features).length ? null : ahead;

type About = { change: string } & Parameters<typeof isSamePerson>[0];

const isAbout = (one: About, other: About): boolean =>
  isMembership(one.change) === isMembership(other.change) && isSamePerson(one, other);
