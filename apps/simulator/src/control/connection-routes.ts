import type { FastifyInstance } from 'fastify';
import type { Ending, StreamErrorKind } from '../faults/fault.js';
import { bulletin, bulletinKinds } from '../network/bulletin.js';
import type { BulletinKind } from '../network/bulletin.js';
import type { Client } from '../network/client.js';
import { end } from '../network/ending.js';
import type { Simulation } from '../simulation.js';
import { closeCodeSchema, loginFailures, streamErrorSchema } from './fault-schema.js';
import { Problem } from '../world/problem.js';
import { deviceSchema, oneOfKind, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

interface Kick {
  how: Ending['kind'];
  error?: StreamErrorKind;
  code?: number;
  device?: number;
}

type Pn = { pn: string };

const tags = ['connections'];
/** What can be said about each way to lose a connection; whose and how is said of all. */
const details: Record<Ending['kind'], Record<string, object>> = {
  closeSocket: { code: closeCodeSchema },
  resetTcp: {},
  halfOpen: {},
  streamEnd: {},
  streamError: { error: streamErrorSchema },
  downgrade: {},
};
const kickSchema = (more: Record<string, object>) =>
  oneOfKind(
    'how',
    Object.entries(details).map(([how, fields]) => strictObject({ how: { const: how }, ...fields, ...more }, ['how'])),
  );
const refusalSchema = strictObject(
  {
    reason: { enum: loginFailures },
    times: { type: 'integer', minimum: 1 },
    expireSeconds: { type: 'integer', minimum: 1 },
  },
  ['reason'],
);
const bulletinSchema = strictObject({ kind: { enum: bulletinKinds }, device: deviceSchema }, ['kind']);

/** Who is connected, and how connections are lost or refused. */
export function connectionRoutes(app: FastifyInstance, stage: Stage): void {
  const listed = { tags, summary: 'Every connection, of linked clients and of those that are not yet' };
  app.get('/connections', { schema: listed }, () => ({ items: connectionsOf(stage.current) }));

  const kickOne = {
    tags,
    summary: "End the connections of an account's clients",
    body: kickSchema({ device: deviceSchema }),
  };
  app.post<{ Params: { pn: string }; Body: Kick }>('/connections/:pn/kick', { schema: kickOne }, (request) => {
    const { device: wanted, ...how } = request.body;
    return { kicked: kick(stage, clientsOf(stage, request.params.pn, wanted), how) };
  });
  const kickAll = { tags, summary: 'End every connection at once, as when the service restarts', body: kickSchema({}) };
  app.post<{ Body: Kick }>('/connections/kick', { schema: kickAll }, ({ body }) => ({
    kicked: kick(stage, [...stage.current.network.connections], body),
  }));

  const told = { tags, summary: "Send a bulletin of the service to an account's clients", body: bulletinSchema };
  app.post<{ Params: { pn: string }; Body: { kind: BulletinKind; device?: number } }>(
    '/connections/:pn/bulletin',
    { schema: told },
    ({ params, body }) => {
      const { network, clock } = stage.current;
      const clients = clientsOf(stage, params.pn, body.device);
      for (const { connection } of clients) network.write(connection, bulletin(body.kind, clock.seconds()));
      return { told: clients.length };
    },
  );

  refusalRoutes(app, stage);
}

interface Refusal {
  reason: number;
  times?: number;
  expireSeconds?: number;
}

function refusalRoutes(app: FastifyInstance, stage: Stage): void {
  const path = '/accounts/:pn/refuse-login';
  const ordered = { tags, summary: "Refuse an account's next logins", body: refusalSchema };
  app.post<{ Params: Pn; Body: Refusal }>(path, { schema: ordered }, ({ params, body }) => {
    const refusal = { times: 1, ...body };
    stage.account(params.pn).refusal = refusal;
    return { ...refusal };
  });
  const shown = { tags, summary: 'Which logins of an account are still to be refused' };
  app.get<{ Params: Pn }>(path, { schema: shown }, ({ params }) => {
    const { refusal } = stage.account(params.pn);
    if (!refusal?.times) throw new Problem(404, 'refusal.none', `Logins of ${params.pn} are not refused.`);
    return { ...refusal };
  });
  const undone = { tags, summary: 'Let an account log in again' };
  app.delete<{ Params: Pn }>(path, { schema: undone }, ({ params }, reply) => {
    stage.account(params.pn).refusal = undefined;
    return reply.status(204).send();
  });
}

function connectionsOf({ network }: Simulation) {
  return [...network.connections].map(({ connection, openedAt, companion, registration }) => ({
    id: connection.id,
    pn: companion?.account.pn ?? null,
    device: companion?.id ?? null,
    state: companion ? 'linked' : registration ? 'linking' : 'new',
    openedAt,
    queuedBytes: connection.queuedBytes,
  }));
}

function clientsOf(stage: Stage, pn: string, device: number | undefined): Client[] {
  const account = stage.account(pn);
  return [...stage.current.network.connections].filter(
    ({ companion }) => companion?.account === account && (device === undefined || companion.id === device),
  );
}

function kick(stage: Stage, clients: Client[], { how, error = 503, code }: Kick): number {
  const { write } = stage.current.network;
  const ending = (how === 'streamError' ? { kind: how, error } : { kind: how, code }) as Ending;
  for (const { connection } of clients) end(connection, ending, (last) => write(connection, last));
  return clients.length;
}
