import type { FastifyInstance } from 'fastify';
import { unlink } from '../network/device-list.js';
import { streamError } from '../network/ending.js';
import type { LinkedClients } from '../primary/linked-clients.js';
import { settingsView } from '../primary/settings-view.js';
import { soil } from '../network/dirty-bits.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { deviceSchema, line, oneOfKind, pnSchema, strictObject } from './schemas.js';
import { settingOperations } from './phone-settings.js';
import type { AddressBook, SettingOrder } from './phone-settings.js';
import type { Stage } from './stage.js';

type Pn = { pn: string };

interface PhoneOrder extends SettingOrder {
  device?: number;
  to?: string;
  type?: string;
}

interface PhoneOperation {
  fields: Record<string, object>;
  required?: string[];
  run: (stage: Stage, pn: string, order: PhoneOrder) => Promise<object> | object;
}

const device = { device: deviceSchema };

const operations: Record<string, PhoneOperation> = {
  logoutDevice: { fields: device, run: (stage, pn, order) => ({ removed: logOut(stage, pn, order.device) }) },
  keyShare: {
    fields: device,
    run: (stage, pn, order) =>
      forClients(stage, pn, order.device, (linked, client) => linked.shareKeys(client, linked.settings.allKeys)),
  },
  renewKey: { fields: {}, run: renewKey },
  historySync: {
    fields: device,
    run: (stage, pn, order) => forClients(stage, pn, order.device, (linked, client) => linked.resendHistory(client)),
  },
  lidMappings: {
    fields: device,
    run: (stage, pn, order) => forClients(stage, pn, order.device, (linked, client) => linked.sendMappings(client)),
  },
  sendToPhoneOnly: { fields: { to: pnSchema, text: line }, required: ['to', 'text'], run: sendToPhoneOnly },
  soil: {
    fields: { type: { enum: ['account_sync', 'groups', 'communities'] } },
    required: ['type'],
    run: (stage, pn, { type = '' }) => ({
      devices: soil(stage.account(pn), type, stage.current.clock.seconds()).map(({ id }) => id),
    }),
  },
};

/** What the phone of an account does, and what it knows of the settings its clients share. */
export function phoneRoutes(app: FastifyInstance, stage: Stage): void {
  const schema = { summary: 'Make the phone of an account do something', tags: ['phone'], body: phoneBody() };
  app.post<{ Params: Pn; Body: PhoneOrder }>('/accounts/:pn/phone', { schema }, ({ params: { pn }, body }) => {
    const operation = operations[body.op];
    return operation ? operation.run(stage, pn, body) : writeSetting(stage, pn, body);
  });
  const shown = { summary: 'The settings of an account as its phone reads them', tags: ['phone'] };
  app.get<{ Params: Pn }>('/accounts/:pn/settings', { schema: shown }, async ({ params }) => {
    const phone = stage.phone(params.pn);
    const { settings } = phone.linked;
    await phone.inTurn(() => settings.catchUp());
    return settingsView(settings);
  });
}

/** One strict schema per operation; which one applies is told by `op`. */
function phoneBody() {
  const all = { ...settingOperations, ...operations };
  const oneOf = Object.entries(all).map(([op, { fields, required = [] }]) =>
    strictObject({ op: { const: op }, ...fields }, ['op', ...required]),
  );
  return oneOfKind('op', oneOf);
}

async function writeSetting(stage: Stage, pn: string, order: PhoneOrder) {
  const phone = stage.phone(pn);
  const change = settingOperations[order.op]?.change(order, addressBook(stage));
  if (change) await phone.inTurn(() => phone.linked.settings.write(change));
  return { collection: change?.collection, index: change?.index };
}

/** Resolves numbers of people; addresses of groups and newsletters are taken as they are. */
export function addressBook(stage: Stage): AddressBook {
  return {
    jid: (chat = '') => (chat.includes('@') ? chat : stage.account(chat).jid('pn')),
    lid: (pn = '') => stage.account(pn).jid('lid'),
  };
}

function clientsOf(account: Account, device: number | undefined): Companion[] {
  const clients = [...account.devices.values()].filter((target) => target instanceof Companion);
  const wanted = clients.filter(({ id }) => device === undefined || id === device);
  if (wanted.length === 0) throw new Problem(404, 'device.unknown', 'There is no such linked device.');
  return wanted;
}

/** Logs linked clients out from the phone: one, or all when none is named. */
export function logOut(stage: Stage, pn: string, device: number | undefined): number[] {
  const targets = clientsOf(stage.account(pn), device);
  for (const companion of targets) {
    if (companion.connection) stage.current.network.write(companion.connection, streamError(401));
    unlink(companion, stage.current.core);
  }
  return targets.map(({ id }) => id);
}

/** Does something for one client, or for all, once the phone has time. */
async function forClients(
  stage: Stage,
  pn: string,
  device: number | undefined,
  task: (linked: LinkedClients, client: Companion) => Promise<void>,
) {
  const phone = stage.phone(pn);
  const clients = clientsOf(phone.account, device);
  for (const client of clients) await phone.inTurn(() => task(phone.linked, client));
  return { devices: clients.map(({ id }) => id) };
}

function renewKey(stage: Stage, pn: string): object {
  return { keyId: stage.phone(pn).linked.settings.renewKey().id.toString('base64') };
}

async function sendToPhoneOnly(stage: Stage, pn: string, { to = '', text = '' }: PhoneOrder) {
  const id = stage.current.seed.messageId(pn);
  const destination = { kind: 'person', account: stage.account(to), family: 'pn' } as const;
  await stage.phone(pn).send(destination, { conversation: text }, id, 'phone only');
  return { id };
}
