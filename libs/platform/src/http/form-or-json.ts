import { applyDecorators, createParamDecorator, type ExecutionContext, type Type as Class } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, type ApiPropertyOptions } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { documentedField } from './fields.js';
import { AcceptsUnion, type Union, UnionPipe } from './union-body.js';
import { Upload, type UploadedFile } from './upload.js';

/** Lists of people are the longest fields that a form may have. */
const LIMITS = { fields: 60, fieldSize: 128 * 1024 };
/** What a route with files in base64 takes beside JSON. */
const FORM = 'multipart/form-data';

/** A body that is one of several DTOs: as JSON, or as a form with the same fields and at most one file. */
export class FormOrJson<T extends object> {
  private readonly upload: Upload;

  constructor(
    private readonly request: FastifyRequest,
    private readonly union: Union<T>,
    private readonly pipe: UnionPipe<T>,
  ) {
    this.upload = new Upload(request);
  }

  get isForm(): boolean {
    return this.request.isMultipart();
  }

  /** See `Upload`. */
  get announcedBytes(): number | null {
    return this.upload.announcedBytes;
  }

  json(): Promise<T> {
    return this.check(this.request.body);
  }

  /** Hands the file to `take` while it arrives; `file` is what that made of it, or null without one. */
  async form<F>(take: (file: UploadedFile) => Promise<F>): Promise<{ body: T; file: F | null }> {
    const { fields, taken } = await this.upload.collect(take, LIMITS);
    const kind = fields[this.union.field];
    const known = typeof kind === 'string' && Object.hasOwn(this.union.classes, kind);
    const dto = known ? this.union.classes[kind] : undefined;
    return { body: await this.check(dto ? asJson(fields, dto) : fields), file: taken && taken.value };
  }

  private check(body: unknown): Promise<T> {
    return this.pipe.transform(body, { type: 'body' }) as Promise<T>;
  }
}

/** The texts of a form as the JSON that they stand for. */
const asJson = (fields: Record<string, unknown>, dto: Class<object>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, read(value, documentedField(dto, name))]));

/** What is not as it should be stays a text, which the check then refuses. */
function read(value: unknown, field: ApiPropertyOptions | undefined): unknown {
  if (!field) return value;
  const { type, isArray } = field as { type?: unknown; isArray?: boolean };
  if (isArray || type === 'array' || Array.isArray(type)) return readList(value, isArray ? type : undefined);
  return typeof value === 'string' ? readText(value, type) : value;
}

function readText(text: string, type: unknown): unknown {
  if (type === String) return text;
  if (type === Boolean) return ({ true: true, false: false } as Record<string, unknown>)[text] ?? text;
  if (type === Number || type === 'integer') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return parsed(text);
}

/** A list in JSON, or the field several times. */
function readList(value: unknown, of: unknown): unknown {
  if (typeof value === 'string' && value.trimStart().startsWith('[')) return parsed(value);
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return typeof of === 'function' && of !== String
    ? entries.map((entry) => (typeof entry === 'string' ? parsed(entry) : entry))
    : entries;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A route with such a body; its handler gets it with `@FormOrJsonBody`. JSON may hold files in base64. */
export const TakesFormOrJson = <T extends object>(union: Union<T>): MethodDecorator =>
  applyDecorators(
    RouteConfig({ takesUpload: true, takesLargeBody: true }),
    ApiConsumes('application/json', FORM),
    AcceptsUnion(union),
  );

const pipes = new WeakMap<Union<object>, UnionPipe<object>>();

/** To make one for each request would cost more than the check itself. */
function pipeOf(union: Union<object>): UnionPipe<object> {
  const pipe = pipes.get(union) ?? new UnionPipe(union);
  pipes.set(union, pipe);
  return pipe;
}

/** The body of a route with `@TakesFormOrJson`. */
export const FormOrJsonBody = createParamDecorator(
  (union: Union<object>, context: ExecutionContext) =>
    new FormOrJson(context.switchToHttp().getRequest<FastifyRequest>(), union, pipeOf(union)),
);

interface Bodied {
  requestBody?: { content?: Record<string, { schema?: object }> };
}

/** Documents the file of such a form, of which the DTOs say nothing. */
export function documentFormFile({ requestBody }: Bodied): void {
  const { content } = requestBody ?? {};
  const form = content?.[FORM];
  if (!form?.schema || !content?.['application/json']) return;
  const file = { type: 'string', format: 'binary', description: 'In place of `url`, `data` and `mediaId`.' };
  form.schema = { allOf: [form.schema, { type: 'object', properties: { file } }] };
}
