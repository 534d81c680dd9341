import type { World } from './world.js';

/** Numbers that are reserved for fiction. */
const [owner, echo, ana, budi, chen, dewi] = [
  '12025550101',
  '12025550102',
  '12025550103',
  '12025550104',
  '12025550105',
  '12025550106',
];

const person = (pn: string | undefined, name: string, behaviour: string, more: object = {}) => ({
  call: 'POST /accounts',
  body: { pn, name, behaviour, ...more },
});

const says = (from: string | undefined, to: string | undefined, text: string) => ({
  call: `POST /accounts/${from}/send`,
  body: { to, text },
});

/** A few people who know each other, for a first look around. */
export const small: World = [
  person(owner, 'You', 'phone'),
  person(echo, 'Echo', 'echo'),
  person(ana, 'Ana Costa', 'reader'),
  person(budi, 'Budi Hartono', 'replier', {
    rules: [
      { match: 'price|cost', text: 'Ten euros, delivery included.' },
      { match: 'hello|hi', text: 'Hello! How can I help?' },
    ],
  }),
  person(chen, 'Chen Lim', 'silent'),
  person(dewi, 'Dewi Kaya', 'unreachable'),
  says(ana, owner, 'Are you coming on Friday?'),
  says(owner, ana, 'Yes, at eight.'),
  says(ana, owner, 'Great, see you then!'),
  says(budi, owner, 'The parcel is on its way.'),
];
