import type { FastifyError } from 'fastify';
import { Problem } from '../world/problem.js';

/** Where a request is wrong, and how. */
export interface Fault {
  /** A JSON pointer into the body, the query or the path's parameters. */
  pointer: string;
  detail: string;
}

/** Why a request failed, as the problem document says it. */
export interface Failure {
  status: number;
  code: string;
  detail: string;
  errors?: Fault[];
}

type Violation = NonNullable<FastifyError['validation']>[number] & { parentSchema?: { properties?: object } };

/** What went wrong: a refusal of ours, a request that does not fit its schema, or a bug. */
export function failureOf(error: FastifyError | Problem): Failure {
  if (error instanceof Problem) return { status: error.status, code: error.code, detail: error.message };
  if (error.validation) return misfit(error.validation, error.validationContext ?? 'request');
  const status = error.statusCode ?? 500;
  return { status, code: status < 500 ? 'request.invalid' : 'simulator.bug', detail: error.message };
}

/** One fault per place; what fits none of several schemas is told by what each of them wants. */
function misfit(violations: Violation[], where: string): Failure {
  const told = new Map<string, Set<string>>();
  for (const violation of violations) {
    if (violations.length > 1 && ['anyOf', 'oneOf'].includes(violation.keyword)) continue;
    const { pointer, detail } = faultOf(violation);
    told.set(pointer, (told.get(pointer) ?? new Set()).add(detail));
  }
  const errors = [...told].map(([pointer, details]) => ({ pointer, detail: [...details].join(', or ') }));
  const detail = errors.map((fault) => `The ${where} at "${fault.pointer}" ${fault.detail}.`).join(' ');
  return { status: 400, code: 'request.invalid', detail, errors };
}

/** Names the field, and what would be allowed in its place. */
function faultOf({ keyword, instancePath, params, message = 'is invalid', parentSchema }: Violation): Fault {
  const at = (name: unknown) => `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (keyword === 'additionalProperties') {
    const known = Object.keys(parentSchema?.properties ?? {}).join(', ') || 'none';
    return { pointer: at(params.additionalProperty), detail: `is not a known field; known are ${known}` };
  }
  if (keyword === 'required') return { pointer: at(params.missingProperty), detail: 'is missing' };
  if (keyword === 'discriminator') {
    const known = kindsOf(parentSchema, String(params.tag)).join(', ');
    return { pointer: at(params.tag), detail: `must be one of ${known}` };
  }
  if (keyword === 'enum')
    return { pointer: instancePath, detail: `must be one of ${(params.allowedValues as unknown[]).join(', ')}` };
  return { pointer: instancePath, detail: message };
}

interface Branch {
  properties?: Record<string, { const?: unknown; enum?: unknown[] }>;
}

/** The values of the field that tells apart the schemas of a choice. */
function kindsOf(schema: object | undefined, tag: string): unknown[] {
  const { oneOf = [] } = (schema ?? {}) as { oneOf?: Branch[] };
  return oneOf.flatMap(({ properties }) => properties?.[tag]?.enum ?? [properties?.[tag]?.const]);
}
