import type { FastifyInstance } from 'fastify';
import { composeMedia, mediaKinds, sizedKinds, viewOnceKinds } from '../media/media-message.js';
import type { MediaOrder } from '../media/media-message.js';
import type { MediaFaultOrder } from '../media/media-faults.js';
import { Problem } from '../world/problem.js';
import { destinationOf } from './destination.js';
import type { Route } from './destination.js';
import { post } from './post.js';
import { familySchema, flag, line, oneOfKind, pnSchema, recipientSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

type Pn = { pn: string };

const tags = ['media'];
const orderSchema = strictObject(
  {
    to: recipientSchema,
    kind: { enum: mediaKinds },
    caption: line,
    fileName: line,
    viewOnce: flag,
    sizeBytes: { type: 'integer', minimum: 1, maximum: 2 * 1024 ** 3 },
    family: familySchema,
    viewers: { type: 'array', items: pnSchema },
  },
  ['to', 'kind'],
);
const only = (kind: string, more: Record<string, object> = {}) =>
  strictObject({ kind: { const: kind }, ...more }, ['kind', ...Object.keys(more)]);
const faultSchema = strictObject(
  {
    match: strictObject({ direction: { enum: ['upload', 'download'] }, type: line, path: line }),
    action: oneOfKind('kind', [
      only('status', { code: { type: 'integer', minimum: 400, maximum: 599 } }),
      only('timeout'),
      only('truncated'),
      only('slow', { bytesPerSec: { type: 'integer', minimum: 1 } }),
    ]),
    times: { type: 'integer', minimum: 1 },
  },
  ['action'],
);

/** Media that people send, the files on the media server, and what goes wrong there. */
export function mediaRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Params: Pn; Body: MediaOrder & Route }>(
    '/accounts/:pn/media',
    { schema: { summary: 'Send a picture, video, voice message, document or sticker', tags, body: orderSchema } },
    async ({ params, body: { to, family, viewers, ...order } }, reply) => {
      refuseNonsense(order);
      const phone = stage.phone(params.pn);
      const destination = destinationOf(stage, phone, { to, family, viewers });
      const { media, seed } = stage.current;
      const id = seed.messageId(params.pn);
      const message = await composeMedia(media, seed, order);
      await post(phone, destination, message, id);
      // What a phone has sent it can send again.
      phone.gallery.open(id, message);
      return reply.status(202).send({ id });
    },
  );
  app.delete<{ Params: Pn & { id: string } }>(
    '/accounts/:pn/media/:id',
    { schema: { summary: "Delete the file of a message from somebody's phone", tags } },
    ({ params }, reply) => {
      if (!stage.phone(params.pn).gallery.remove(params.id))
        throw new Problem(404, 'media.unknown', 'The phone has no file of such a message.');
      return reply.status(204).send();
    },
  );
  app.get('/media', { schema: { summary: 'Files that can be downloaded, oldest first', tags } }, () => ({
    items: stage.current.media.list().map(({ path, type, sizeBytes, expiresAt }) => ({
      path,
      type,
      sizeBytes,
      expiresAt: Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : null,
    })),
  }));
  app.post<{ Body: { path?: string } }>(
    '/media/expire',
    { schema: { summary: 'Let files expire, one or all', tags, body: strictObject({ path: line }) } },
    ({ body: { path } }) => ({ expired: expire(stage, path) }),
  );
  faultRoutes(app, stage);
}

function faultRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Body: MediaFaultOrder }>(
    '/media/faults',
    { schema: { summary: 'Let transfers fail', tags, body: faultSchema } },
    ({ body }, reply) => reply.status(201).send(stage.current.media.faults.add(body)),
  );
  app.get('/media/faults', { schema: { summary: 'Faults of the media server in force', tags } }, () => ({
    items: stage.current.media.faults.list(),
  }));
  const cleared = { summary: 'End every fault of the media server', tags };
  app.delete('/media/faults', { schema: cleared }, () => ({ removed: stage.current.media.faults.clear() }));
  app.delete<{ Params: { id: string } }>(
    '/media/faults/:id',
    { schema: { summary: 'End a fault of the media server', tags } },
    ({ params }, reply) => {
      if (!stage.current.media.faults.remove(params.id))
        throw new Problem(404, 'fault.unknown', `There is no fault ${params.id}.`);
      return reply.status(204).send();
    },
  );
}

function refuseNonsense({ kind, sizeBytes, viewOnce }: MediaOrder): void {
  if (sizeBytes !== undefined && !sizedKinds.has(kind))
    throw new Problem(400, 'media.size', `A size can only be given for ${[...sizedKinds].join(', ')}.`);
  if (viewOnce && !viewOnceKinds.has(kind))
    throw new Problem(400, 'media.view-once', `Only ${[...viewOnceKinds].join(', ')} can be for one look.`);
}

function expire({ current: { media } }: Stage, path: string | undefined): number {
  if (path !== undefined && !media.expire(path))
    throw new Problem(404, 'media.unknown', 'There is no such file on the media server.');
  if (path !== undefined) return 1;
  return media.list().filter((blob) => Number.isFinite(blob.expiresAt) && media.expire(blob.path)).length;
}
