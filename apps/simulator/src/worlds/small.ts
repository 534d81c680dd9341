import type { World, WorldStep } from './world.js';

/** Numbers that are reserved for fiction; the first is the one to link. */
const you = '12025550101';
const echo = '12025550102';
const ana = '12025550103';
const budi = '12025550104';
const chen = '12025550105';
const dewi = '12025550106';
const elif = '12025550107';
const bakery = '12025550108';

const person = (pn: string, name: string, behaviour: string, more: object = {}): WorldStep[] => [
  { call: 'POST /accounts', body: { pn, name, behaviour, ...more } },
  { call: `PUT /accounts/${pn}/picture`, body: {} },
];

const says = (from: string, to: string, text: string): WorldStep => ({
  call: `POST /accounts/${from}/send`,
  body: { to, text },
});

const people = [
  ...person(you, 'You', 'phone'),
  ...person(echo, 'Echo', 'echo'),
  ...person(ana, 'Ana Costa', 'reader', { deliveryMs: 300, readMs: 1_500 }),
  ...person(budi, 'Budi Hartono', 'replier', {
    typingMs: 1_000,
    rules: [
      { match: 'price|cost', text: 'Ten euros, delivery included.' },
      { match: 'hello|hi', text: 'Hello! How can I help?' },
    ],
  }),
  ...person(chen, 'Chen Lim', 'reactor'),
  ...person(dewi, 'Dewi Kaya', 'voter'),
  ...person(elif, 'Elif Kaya', 'unreachable'),
  ...person(bakery, 'Corner Bakery', 'silent'),
];

const past = [
  says(ana, you, 'Are you coming on Friday?'),
  says(you, ana, 'Yes, at eight.'),
  says(ana, you, 'Great, see you then!'),
  says(budi, you, 'The parcel is on its way.'),
];

const groups: WorldStep[] = [
  {
    call: 'POST /groups',
    as: 'friday',
    body: { subject: 'Friday dinner', owner: ana, members: [you, budi, chen], description: 'Who brings what?' },
  },
  { call: 'POST /groups', as: 'office', body: { subject: 'Office', owner: you, members: [echo, budi, dewi] } },
  { call: `POST /accounts/${ana}/send`, body: { to: '{{friday.jid}}', text: 'I bring the wine.' } },
  { call: `POST /accounts/${budi}/send`, body: { to: '{{office.jid}}', text: 'Coffee is out again.' } },
  { call: 'POST /communities', as: 'street', body: { subject: 'Our street', owner: dewi } },
  { call: 'PATCH /groups/{{street.jid}}', body: { by: dewi, add: [you, ana, elif] } },
];

const news: WorldStep[] = [
  {
    call: 'POST /newsletters',
    as: 'news',
    body: { owner: bakery, name: 'Corner Bakery', description: 'What comes out of the oven today' },
  },
  { call: 'POST /newsletters/{{news.jid}}/followers', body: { pn: you } },
  { call: 'POST /newsletters/{{news.jid}}/posts', body: { text: 'Rye bread, still warm.' } },
];

/** A few people who know each other, two groups, a community and a newsletter, for a first look around. */
export const small: World = [...people, ...past, ...groups, ...news];
