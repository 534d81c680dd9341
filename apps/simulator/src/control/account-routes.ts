import type { FastifyInstance } from 'fastify';
import { addressOf } from '../contacts/letter.js';
import { behaviours } from '../contacts/behaviours/all.js';
import type { PersonOrder } from '../contacts/population.js';
import { Phone } from '../contacts/phone.js';
import { stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { destinationOf } from './destination.js';
import { line, pnSchema, strictObject, talkSchema } from './schemas.js';
import type { Stage } from './stage.js';

type Pn = { pn: string };

const behaviourSchema = { type: 'string', enum: Object.keys(behaviours) };
const ruleSchema = strictObject(
  { match: { type: 'string', format: 'regex', maxLength: 1_000 }, text: { type: 'string', maxLength: 65_536 } },
  ['match', 'text'],
);
const milliseconds = { type: 'integer', minimum: 0, maximum: 86_400_000 };

/** Everything that can be said about how a person behaves. */
export const mannersSchema = {
  behaviour: behaviourSchema,
  retries: { type: 'boolean' },
  answerRetries: { type: 'boolean' },
  rules: { type: 'array', items: ruleSchema, maxItems: 100 },
  deliveryMs: milliseconds,
  readMs: milliseconds,
  typingMs: milliseconds,
  ratePerSec: { type: 'number', exclusiveMinimum: 0, maximum: 1000 },
  floodCount: { type: 'integer', minimum: 1, maximum: 100_000 },
  emoji: { type: 'string', minLength: 1, maxLength: 32 },
};

const orderSchema = strictObject({
  pn: pnSchema,
  count: { type: 'integer', minimum: 1, maximum: 20_000 },
  name: line,
  devices: { type: 'integer', minimum: 1, maximum: 20 },
  ...mannersSchema,
});
const tags = ['people'];

/** People: creating, linking, looking at, and what their phones do to linked clients. */
export function accountRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Body: PersonOrder & { count?: number } }>(
    '/accounts',
    { schema: { tags, summary: 'Create people played by the simulator', body: orderSchema } },
    async (request, reply) => {
      const { count = 1, ...order } = request.body;
      if (count > 1 && order.pn)
        throw new Problem(400, 'request.invalid', 'A number can only be given to one account.');
      const phones = await stage.current.population.createMany(order, count);
      return reply.status(201).send({ items: phones.map((phone) => summary(phone.account)) });
    },
  );
  app.get('/accounts', { schema: { tags, summary: 'Everybody on the network' } }, () => ({
    items: [...stage.current.directory.accounts].map(summary),
  }));
  app.get<{ Params: Pn }>('/accounts/:pn', { schema: { tags, summary: 'One person with all devices' } }, (request) =>
    describe(stage.account(request.params.pn)),
  );

  const pairBody = strictObject({ pn: pnSchema, qr: line, behaviour: behaviourSchema }, ['pn', 'qr']);
  app.post<{ Body: Pn & { qr: string } & PersonOrder }>(
    '/pair',
    { schema: { tags, summary: 'Scan a QR code with the phone of this number', body: pairBody } },
    ({ body }) => {
      stage.current.pairing.read(body.qr);
      prepareOwner(stage, body);
      return stage.current.pairing.scan(body.pn, body.qr);
    },
  );
  const codeBody = strictObject({ pn: pnSchema, code: line, behaviour: behaviourSchema }, ['pn', 'code']);
  app.post<{ Body: Pn & { code: string } & PersonOrder }>(
    '/pair-code',
    { schema: { tags, summary: 'Type a pairing code on the phone of this number', body: codeBody } },
    ({ body }) => {
      stage.current.pairingCode.invitationFor(body.pn);
      prepareOwner(stage, body);
      return stage.current.pairingCode.enter(body.pn, body.code);
    },
  );

  const presenceBody = strictObject(
    { to: talkSchema, state: { enum: ['available', 'unavailable', 'composing', 'recording', 'paused'] } },
    ['state'],
  );
  app.post<{ Params: Pn; Body: { to?: string; state: string } }>(
    '/accounts/:pn/presence',
    { schema: { tags, summary: 'Come online, leave, type or record', body: presenceBody } },
    ({ params, body }) => showPresence(stage, params.pn, body.state, body.to),
  );
}

/** The phone of somebody who links for the first time; later links leave it as it is. */
function prepareOwner(stage: Stage, { pn, behaviour }: Pn & PersonOrder): void {
  if (behaviour && !stage.current.directory.find(pn)) stage.current.population.create({ pn, behaviour });
}

function showPresence(stage: Stage, pn: string, state: string, to: string | undefined) {
  const { presence } = stage.current;
  if (state === 'available' || state === 'unavailable') {
    if (to !== undefined) throw new Problem(400, 'request.invalid', `"to" means nothing for "${state}".`);
    presence.show(stage.account(pn), state === 'available');
  } else {
    if (to === undefined) throw new Problem(400, 'request.invalid', 'Typing needs a "to".');
    const body = state === 'recording' ? stanza('composing', { media: 'audio' }) : stanza(state);
    const phone = stage.phone(pn);
    const chat = addressOf(destinationOf(stage, phone, { to }));
    presence.chatState(phone, stanza('chatstate', { to: chat }, [body]));
  }
  return { state };
}

function summary(account: Account) {
  const phone = account.devices.get(0);
  const behaviour = phone instanceof Phone ? phone.manners.behaviour : null;
  return { pn: account.pn, lid: account.lid, name: account.name, behaviour };
}

/** Everything the control API shows about an account. */
export function describe(account: Account) {
  const companions = [...account.devices.values()].filter((device) => device instanceof Companion);
  return {
    ...summary(account),
    about: account.about,
    username: account.username ?? null,
    privacy: Object.fromEntries(account.privacy.entries()),
    blocked: [...account.blocked],
    disappearingSeconds: account.disappearingSeconds,
    connected: companions.some(({ connection }) => connection),
    everAvailable: companions.some(({ everAvailable }) => everAvailable),
    presence: companions.flatMap(({ presence }) => presence).sort((a, b) => a.at.localeCompare(b.at)),
    devices: [...account.devices.values()].map(describeDevice),
  };
}

function describeDevice(device: Device) {
  const base = { id: device.id, keyIndex: device.keyIndex };
  if (!(device instanceof Companion)) return { ...base, kind: device.id === 0 ? 'phone' : 'virtual' };
  const { connection, keys, backlog, everAvailable, presence } = device;
  return {
    ...base,
    kind: 'companion',
    connected: !!connection,
    preKeys: keys.count,
    ...backlog,
    everAvailable,
    presence,
  };
}
