import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { composeMedia, mediaKinds, sizedKinds, viewOnceKinds } from '../media/media-message.js';
import type { MediaOrder } from '../media/media-message.js';
import type { OwnContent } from '../media/own-content.js';
import type { MediaFaultOrder } from '../media/media-faults.js';
import { Problem } from '../world/problem.js';
import { destinationOf } from './destination.js';
import type { Route } from './destination.js';
import { post } from './post.js';
import { base64, familySchema, flag, line, oneOfKind, pnSchema, recipientSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

type Pn = { pn: string };

/** A file that is given instead of made up. */
interface OwnFile {
  contentBase64?: string | undefined;
  mimetype?: string | undefined;
}

const UPLOAD_LIMIT = 64 * 1024 * 1024;

const tags = ['media'];
/** A type and its parameters, as it may stand in a header. */
const mimetypePattern = '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?[A-Za-z0-9!#$&^_.+-]+=[A-Za-z0-9"._-]+)*$';
const isMimetype = new RegExp(mimetypePattern);
const orderSchema = strictObject(
  {
    to: recipientSchema,
    kind: { enum: mediaKinds },
    caption: line,
    fileName: line,
    viewOnce: flag,
    sizeBytes: { type: 'integer', minimum: 1, maximum: 2 * 1024 ** 3 },
    contentBase64: base64,
    mimetype: { type: 'string', pattern: mimetypePattern },
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
  const sent = {
    schema: { summary: 'Send a picture, video, voice message, document or sticker', tags, body: orderSchema },
    bodyLimit: UPLOAD_LIMIT,
  };
  app.post<{ Params: Pn; Body: MediaOrder & OwnFile & Route }>(
    '/accounts/:pn/media',
    sent,
    async ({ params, body: { to, family, viewers, contentBase64, mimetype, ...rest } }, reply) => {
      const order = { ...rest, own: ownContent({ contentBase64, mimetype }) };
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
  galleryRoutes(app, stage);
  faultRoutes(app, stage);
}

function galleryRoutes(app: FastifyInstance, stage: Stage): void {
  app.get<{ Params: Pn & { id: string } }>(
    '/accounts/:pn/media/:id',
    { schema: { summary: 'The file of a message, as somebody who received or sent it opens it', tags } },
    async ({ params }, reply) => {
      const file = await stage.phone(params.pn).gallery.read(params.id).catch(goneProblem);
      if (!file) throw new Problem(404, 'media.unknown', 'The phone has no file of such a message.');
      const type = isMimetype.test(file.mimetype) ? file.mimetype : 'application/octet-stream';
      return reply
        .headers({ 'content-type': type, 'x-content-type-options': 'nosniff', 'content-disposition': 'attachment' })
        .send(Readable.from(file.content));
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

function ownContent({ contentBase64, mimetype }: OwnFile): OwnContent | undefined {
  if (contentBase64 === undefined && mimetype === undefined) return undefined;
  if (contentBase64 === undefined || mimetype === undefined)
    throw new Problem(400, 'request.invalid', 'An own file has both "contentBase64" and "mimetype".');
  return { bytes: Buffer.from(contentBase64, 'base64'), mimetype };
}

function goneProblem(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Problem(410, 'media.gone', `The file cannot be read any more: ${reason}.`);
}

function refuseNonsense({ kind, sizeBytes, viewOnce, own }: MediaOrder): void {
  if (own && sizeBytes !== undefined) throw new Problem(400, 'media.size', 'An own file has the size it has.');
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
