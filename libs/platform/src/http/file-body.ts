import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalid } from '../errors/app-error.js';
import type { MediaSource } from '../media/media-kind.js';
import { Text } from './fields.js';
import { InputPipe } from './input.pipe.js';
import { Upload, type UploadedFile } from './upload.js';

/** As much as a file may have in base64; what the route takes may be less. */
const MAX_DATA = 268_000_000;

/** One file in JSON; it comes from exactly one of them. */
export class FileSourceDto {
  @Text({ max: 2048, optional: true, description: 'Address of the file, open to everybody.' }) url?: string;
  @Text({ max: MAX_DATA, optional: true, description: 'The file in base64, or as a data URL.' }) data?: string;
  @Text({ max: 100, optional: true, description: 'A file of the media library.' }) mediaId?: string;

  source(): MediaSource {
    const { url, data, mediaId } = this;
    return { url, data, mediaId };
  }
}

const pipe = new InputPipe();

/** A body that is one file: JSON with `url`, `data` or `mediaId`, or a form with the part `file`. */
export class FileBody {
  private readonly upload: Upload;

  constructor(private readonly request: FastifyRequest) {
    this.upload = new Upload(request);
  }

  get isForm(): boolean {
    return this.request.isMultipart();
  }

  /** See `Upload`. */
  get announcedBytes(): number | null {
    return this.upload.announcedBytes;
  }

  async json(): Promise<MediaSource> {
    const metadata = { type: 'body' as const, metatype: FileSourceDto };
    return ((await pipe.transform(this.request.body, metadata)) as FileSourceDto).source();
  }

  /** Hands the file to `take` while it arrives. */
  async form<T>(take: (file: UploadedFile) => Promise<T>): Promise<T> {
    const { taken, fields } = await this.upload.collect(take);
    const [unknown] = Object.keys(fields);
    if (unknown !== undefined) throw invalid('request.invalid', `/${unknown}`, 'is not a known field');
    if (!taken) throw invalid('request.invalid', '/file', 'must be a file');
    return taken.value;
  }
}

/** A route that takes one file; its handler gets it with `@GivenFile()`. */
export const TakesFile = (): MethodDecorator =>
  applyDecorators(
    RouteConfig({ takesUpload: true, takesLargeBody: true }),
    ApiConsumes('application/json', 'multipart/form-data'),
    ApiExtraModels(FileSourceDto),
    ApiBody({ schema: { $ref: getSchemaPath(FileSourceDto) } }),
  );

/** The `FileBody` of a route with `@TakesFile`. */
export const GivenFile = createParamDecorator(
  (_: unknown, context: ExecutionContext) => new FileBody(context.switchToHttp().getRequest<FastifyRequest>()),
);
