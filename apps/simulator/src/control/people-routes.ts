import type { FastifyInstance } from 'fastify';
import type { Manners } from '../contacts/behaviour.js';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import { describe, mannersSchema } from './account-routes.js';
import { disappearingSchema, pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

/** What can be changed about a person; the rest stays as it is. */
interface Change extends Partial<Manners> {
  name?: string;
  about?: string;
  username?: string | null;
  verifiedName?: string | null;
  availability?: 'available' | 'unavailable';
  disappearingSeconds?: number;
  demandsToken?: boolean;
  privacy?: Record<string, string>;
  block?: string[];
  unblock?: string[];
}

type Pn = { pn: string };

const tags = ['people'];
const people = { type: 'array', items: pnSchema, uniqueItems: true };
const orNothing = { type: ['string', 'null'], minLength: 1, maxLength: 100 };
const changeSchema = strictObject({
  ...mannersSchema,
  name: { type: 'string', minLength: 1, maxLength: 100 },
  about: { type: 'string', maxLength: 500 },
  username: orNothing,
  verifiedName: orNothing,
  availability: { enum: ['available', 'unavailable'] },
  disappearingSeconds: disappearingSchema,
  demandsToken: { type: 'boolean' },
  privacy: { type: 'object', additionalProperties: { type: 'string' } },
  block: people,
  unblock: people,
});

/** Changing people after they were created. */
export function peopleRoutes(app: FastifyInstance, stage: Stage): void {
  app.patch<{ Params: Pn; Body: Change }>(
    '/accounts/:pn',
    { schema: { summary: 'Change a person: profile, behaviour, privacy, who is blocked', tags, body: changeSchema } },
    ({ params, body }) => {
      const account = stage.account(params.pn);
      change(stage, account, body);
      return describe(account);
    },
  );
}

/** Everything that can be refused comes first, so that a refused change changes nothing. */
function change(stage: Stage, account: Account, order: Change): void {
  const { about, disappearingSeconds, availability, privacy = {}, block = [], unblock = [], ...rest } = order;
  const { profile, presence } = stage.current;
  const [blocked, unblocked] = [block, unblock].map((list) => list.map((pn) => stage.account(pn)));
  applyPrivacy(stage, account, privacy);
  applyTraits(stage, account, rest);
  if (about !== undefined) profile.setAbout(account, about);
  if (disappearingSeconds !== undefined) profile.setDisappearing(account, disappearingSeconds);
  for (const other of blocked ?? []) profile.block(account, other, true);
  for (const other of unblocked ?? []) profile.block(account, other, false);
  if (availability) presence.show(account, availability === 'available');
}

/** What others notice only when they look, and how the person behaves. */
function applyTraits({ current: { population, directory } }: Stage, account: Account, order: Change): void {
  const { name, username, verifiedName, demandsToken, ...manners } = order;
  account.name = name ?? account.name;
  account.demandsToken = demandsToken ?? account.demandsToken;
  if (username !== undefined) directory.setUsername(account, username ?? undefined);
  if (verifiedName !== undefined) account.verifiedName = verifiedName ?? undefined;
  if (Object.keys(manners).length > 0) population.change(population.phoneOf(account), manners);
}

function applyPrivacy({ current: { profile } }: Stage, account: Account, privacy: Record<string, string>): void {
  const unknown = Object.entries(privacy).find(([name, value]) => !account.privacy.knows(name, value));
  if (unknown) throw new Problem(400, 'privacy.unknown', `There is no privacy setting "${unknown.join(': ')}".`);
  for (const [name, value] of Object.entries(privacy)) profile.setPrivacy(account, name, value);
}
