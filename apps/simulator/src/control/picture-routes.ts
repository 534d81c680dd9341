import type { FastifyInstance } from 'fastify';
import { asJpeg, photo } from '../media/samples/pictures.js';
import type { Sitter } from '../pictures/picture-service.js';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import { asPerson } from './as-person.js';
import { groupIn } from './group-view.js';
import { base64, pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

const PIXELS = 640;
const tags = ['pictures'];
const UPLOAD_LIMIT = 16 * 1024 * 1024;
const changeSchema = strictObject({ by: pnSchema, contentBase64: base64 });

/** Whose picture a request is about, and who is taken to do something with it. */
interface Sitting {
  owner: Sitter;
  by: Account;
}

/** Pictures of people and groups: generated, looked at, taken away. */
export function pictureRoutes(app: FastifyInstance, stage: Stage): void {
  serve(app, stage, '/accounts/:pn/picture', 'a person', ({ pn = '' }) => {
    const owner = stage.account(pn);
    return { owner, by: owner };
  });
  serve(app, stage, '/groups/:jid/picture', 'a group', ({ jid = '' }, by) => {
    const owner = groupIn(stage, jid);
    return { owner, by: by === undefined ? (owner.admins[0] ?? owner.founder) : stage.account(by) };
  });
}

type Params = { pn?: string; jid?: string };

function serve(
  app: FastifyInstance,
  stage: Stage,
  path: string,
  whose: string,
  sitterOf: (params: Params, by?: string) => Sitting,
): void {
  const shown = (owner: Sitter) => {
    const picture = stage.current.pictures.pictures.find(owner);
    if (!picture) throw new Problem(404, 'picture.none', 'There is no picture.');
    return { id: picture.id, url: picture.image.url, previewUrl: picture.preview.url };
  };
  app.get<{ Params: Params }>(path, { schema: { summary: `The picture of ${whose}`, tags } }, ({ params }) =>
    shown(sitterOf(params).owner),
  );
  app.put<{ Params: Params; Body: { by?: string; contentBase64?: string } }>(
    path,
    { schema: { summary: `Give ${whose} another picture`, tags, body: changeSchema }, bodyLimit: UPLOAD_LIMIT },
    async ({ params, body }) => {
      const { pictures, seed } = stage.current;
      const { owner, by } = sitterOf(params, body.by);
      asPerson('picture', () => pictures.demandRight(owner, by));
      const given = body.contentBase64;
      const image =
        given === undefined ? await photo(seed.opaqueId('portrait'), PIXELS, PIXELS) : await readPicture(given);
      await asPerson('picture', () => pictures.change(owner, by, image));
      return shown(owner);
    },
  );
  app.delete<{ Params: Params }>(
    path,
    { schema: { summary: `Take away the picture of ${whose}`, tags } },
    ({ params }, reply) => {
      const { owner, by } = sitterOf(params);
      const { pictures } = stage.current;
      const isRemoved = asPerson('picture', () => {
        pictures.demandRight(owner, by);
        return pictures.remove(owner, by);
      });
      if (!isRemoved) throw new Problem(404, 'picture.none', 'There is no picture.');
      return reply.status(204).send();
    },
  );
}

async function readPicture(contentBase64: string): Promise<Buffer> {
  return asJpeg(Buffer.from(contentBase64, 'base64')).catch(() => {
    throw new Problem(422, 'picture.not-acceptable', 'The content is not a picture.');
  });
}
