import type { FastifyInstance } from 'fastify';
import { Phone } from '../contacts/phone.js';
import { announceIdentity, link, unlink } from '../network/device-list.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { logOut } from './phone-routes.js';
import { flag, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

type Pn = { pn: string };

const tags = ['devices'];

/** Devices that are added, taken away, or set up again with other keys. */
export function deviceRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Params: Pn; Body: { count?: number } }>(
    '/accounts/:pn/devices',
    {
      schema: {
        summary: 'Give a person more devices',
        tags,
        body: strictObject({ count: { type: 'integer', minimum: 1, maximum: 20 } }),
      },
    },
    ({ params, body }, reply) => reply.status(201).send({ added: addDevices(stage, params.pn, body.count ?? 1) }),
  );
  app.delete<{ Params: Pn & { id: number } }>(
    '/accounts/:pn/devices/:id',
    {
      schema: {
        summary: 'Take a device away; a linked client is logged out',
        tags,
        params: strictObject({ pn: { type: 'string' }, id: { type: 'integer', minimum: 1 } }),
      },
    },
    ({ params: { pn, id } }, reply) => {
      const account = stage.account(pn);
      const device = account.devices.get(id);
      if (device instanceof Phone) unlink(device, stage.current.core);
      else logOut(stage, pn, id);
      return reply.status(204).send();
    },
  );
  app.post<{ Params: Pn; Body: { keepLinked?: boolean } }>(
    '/accounts/:pn/identity-change',
    {
      schema: {
        summary: 'Install the app again on the phone: new identity; linked clients are logged out unless kept',
        tags,
        body: strictObject({ keepLinked: flag }),
      },
    },
    ({ params, body }) => reinstall(stage, stage.phone(params.pn), body.keepLinked ?? false),
  );
}

function addDevices(stage: Stage, pn: string, count: number): number[] {
  const phone = stage.phone(pn);
  const { population, core } = stage.current;
  const { room } = phone.account;
  if (count > room) throw new Problem(409, 'account.devices-full', `${pn} can have ${room} more devices.`);
  return Array.from({ length: count }, () => {
    const device = population.addDevice(phone);
    link(device, core);
    return device.id;
  });
}

function reinstall(stage: Stage, phone: Phone, keepLinked: boolean) {
  const { core, population } = stage.current;
  const { account } = phone;
  const linked = [...account.devices.values()].filter((device) => device instanceof Companion);
  const removed = linked.length > 0 && !keepLinked ? logOut(stage, account.pn, undefined) : [];
  population.reinstall(phone);
  announceIdentity(account, core);
  return { identity: phone.keys.identity.toString('hex'), removed };
}
