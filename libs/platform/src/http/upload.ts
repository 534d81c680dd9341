import type { Readable } from 'node:stream';
import multipart, { type Multipart } from '@fastify/multipart';
import { applyDecorators, createParamDecorator, type ExecutionContext, type Type as Class } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, invalid } from '../errors/app-error.js';
import { InputPipe } from './input.pipe.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes multipart/form-data in place of JSON. */
    takesUpload?: boolean;
  }
}

export interface UploadedFile {
  content: Readable;
  fileName: string | undefined;
  mimeType: string;
}

/** The part of a multipart body that is the file. */
const FILE = 'file';
const LIMITS = { files: 1, fields: 20, fieldSize: 10_000, headerPairs: 20, fileSize: Infinity };
type Limits = typeof LIMITS;

const pipe = new InputPipe();
const malformed = (detail: string, cause?: unknown) => new AppError('invalid', 'request.malformed', detail, { cause });

/** The parts of a form: the fields as they came, several of one name as a list, and what was made of the file. */
export interface Form<T> {
  fields: Record<string, unknown>;
  taken: { value: T } | null;
}

/** The multipart body of a request: one file and some fields, in any order. Nothing of it is held in memory. */
export class Upload {
  constructor(private readonly request: FastifyRequest) {}

  /** What the body says of its length; null when it does not. */
  get announcedBytes(): number | null {
    const length = this.request.headers['content-length'];
    return length === undefined ? null : Number(length);
  }

  /** Hands the file to `take` while it arrives; answers what that made of it, and the checked fields. */
  async read<T, F extends object>(
    fieldsOf: Class<F>,
    take: (file: UploadedFile) => Promise<T>,
  ): Promise<{ taken: T; fields: F }> {
    const { taken, fields } = await this.collect(take);
    if (!taken) throw invalid('request.invalid', `/${FILE}`, 'must be a file');
    const checked = (await pipe.transform(fields, { type: 'query', metatype: fieldsOf })) as F;
    return { taken: taken.value, fields: checked };
  }

  /** The same without a look at the fields; a file need not be there. */
  async collect<T>(take: (file: UploadedFile) => Promise<T>, limits: Partial<Limits> = {}): Promise<Form<T>> {
    if (!this.request.isMultipart()) throw malformed('Send the file as multipart/form-data.');
    const fields = new Map<string, unknown[]>();
    let taken: Form<T>['taken'] = null;
    for await (const part of this.parts({ ...LIMITS, ...limits })) {
      const name = part.fieldname.slice(0, 100);
      if (part.type === 'field') {
        if (part.valueTruncated) throw invalid('request.invalid', `/${name}`, 'is too long for a field of a form');
        fields.set(name, [...(fields.get(name) ?? []), part.value]);
      } else if (part.fieldname === FILE) taken = { value: await this.take(part, take) };
      else throw invalid('request.invalid', `/${name}`, 'is not a known field');
    }
    const given = [...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
    return { taken, fields: Object.fromEntries(given) };
  }

  private async *parts(limits: Limits): AsyncGenerator<Multipart> {
    try {
      yield* this.request.parts({ limits });
    } catch (error) {
      throw error instanceof AppError ? error : malformed('The body is not one multipart form with one file.', error);
    }
  }

  /** The connection broke, or the form ends in the middle of the file. */
  private isCutOff(error: unknown): boolean {
    return !this.request.raw.complete || /unexpected end of multipart/i.test((error as Error).message);
  }

  private async take<T>(
    part: Extract<Multipart, { type: 'file' }>,
    take: (file: UploadedFile) => Promise<T>,
  ): Promise<T> {
    try {
      return await take({ content: part.file, fileName: part.filename, mimeType: part.mimetype });
    } catch (error) {
      if (error instanceof AppError || !this.isCutOff(error)) throw error;
      throw malformed('The file ended before it was complete.', error);
    }
  }
}

/** A route that takes a file: `@Body()` stays away from it, `@UploadBody()` reads it. */
export const TakesUpload = (fields: Class<object>) =>
  applyDecorators(
    RouteConfig({ takesUpload: true }),
    ApiConsumes('multipart/form-data'),
    ApiExtraModels(fields),
    ApiBody({
      schema: {
        allOf: [
          { type: 'object', required: [FILE], properties: { [FILE]: { type: 'string', format: 'binary' } } },
          { $ref: getSchemaPath(fields) },
        ],
      },
    }),
  );

/** The `Upload` of a route with `@TakesUpload`. */
export const UploadBody = createParamDecorator(
  (_: unknown, context: ExecutionContext) => new Upload(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Reads multipart bodies where a route takes them; elsewhere they are refused like every other type. */
export function readUploads(instance: FastifyInstance): void {
  void instance.register(multipart);
  instance.addHook('onRequest', (request, _reply, done) => {
    const isMultipart = request.headers['content-type']?.startsWith('multipart/') ?? false;
    if (isMultipart && !request.is404 && !request.routeOptions.config.takesUpload) done(unexpected());
    else done();
  });
}

const unexpected = () =>
  Object.assign(new Error('multipart body on a JSON route'), {
    code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    statusCode: 415,
  });
