import { applyDecorators, HttpCode, type Type as Class } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiProperty,
  ApiResponse,
  getSchemaPath,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';
import { type DocumentedKind, documentedKinds } from './problem.js';

export interface EndpointOptions {
  summary: string;
  description?: string;
  /** The class of the answer (of one item with `list`); null for an empty answer. */
  returns: Class<unknown> | null;
  /** Status of success; 200, or 204 for an empty answer. */
  status?: number;
  /** Further statuses of success with the same answer, which the handler sets itself. */
  also?: number[];
  /** The answer is a page `{ items, nextCursor }`, and the cursor of the query may be `cursor.invalid`. */
  list?: boolean;
  /** Further content types of the answer, such as `image/png`. */
  produces?: string[];
  /**
   * Error codes beside those of access and input, which the document adds. `thing.not-found` is a 404 and everything else
   * a 409, unless the code says its kind: `unavailable:session.not-connected`.
   */
  fails?: string[];
}

const everyListFails = ['invalid:cursor.invalid'];

/** The only OpenAPI decorator of a route: what it does, what it answers, how it fails. */
export function Endpoint({ summary, description, returns, list, fails = [], ...options }: EndpointOptions) {
  const status = options.status ?? (returns ? 200 : 204);
  const type = returns && list ? pageOf(returns) : returns;
  const successes = [status, ...(options.also ?? [])].map((code) => ApiResponse(success(code, type, options.produces)));
  const allFails = [...(list ? everyListFails : []), ...fails];
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, description }),
    ApiExtraModels(ProblemDto, ...(type ? [type] : [])),
    ...successes,
    ...problemResponses(allFails).map((response) => ApiResponse(response)),
  );
}

/** One problem answer per status, with all its codes. */
export function problemResponses(fails: string[]): ProblemResponse[] {
  const byStatus = new Map<number, { title: string; codes: string[] }>();
  for (const fail of fails) {
    const { kind, code } = read(fail);
    const { status, title } = documentedKinds[kind];
    byStatus.set(status, { title, codes: [...(byStatus.get(status)?.codes ?? []), code] });
  }
  return [...byStatus].map(([status, { title, codes }]) => ({
    status,
    description: `${title}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
  }));
}

export interface ProblemResponse {
  status: number;
  description: string;
  content: Record<string, { schema: { $ref: string } }>;
}

function read(fail: string): { kind: DocumentedKind; code: string } {
  const [kind = '', code] = fail.split(':');
  if (code !== undefined && kind in documentedKinds) return { kind: kind as DocumentedKind, code };
  return { kind: fail.endsWith('.not-found') ? 'not-found' : 'conflict', code: fail };
}

function success(status: number, type: Class<unknown> | null, produces: string[] = []): ApiResponseOptions {
  if (!type && !produces.length) return { status, description: 'Done' };
  const content: Record<string, { schema: object }> = {};
  if (type) content['application/json'] = { schema: { $ref: getSchemaPath(type) } };
  for (const name of produces)
    content[name] = { schema: { type: 'string', ...(name.startsWith('text/') ? {} : { format: 'binary' }) } };
  return { status, description: 'Success', content };
}

const pages = new Map<Class<unknown>, Class<unknown>>();

/** A named page class per item class, so that generated clients get readable types. */
function pageOf(item: Class<unknown>): Class<unknown> {
  const known = pages.get(item);
  if (known) return known;
  class PageDto {
    @ApiProperty({ type: [item] }) items: unknown[];
    @ApiProperty({ type: String, nullable: true, description: '`cursor` of the next page; null at the end.' })
    nextCursor: string | null;
  }
  Object.defineProperty(PageDto, 'name', { value: `${item.name.replace(/Dto$/, '')}PageDto` });
  pages.set(item, PageDto);
  return PageDto;
}
