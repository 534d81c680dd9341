import { IqError } from '../world/refusal.js';

/** The variables of a query, not yet trusted. */
export type Variables = Record<string, unknown>;

/** Reads `{"variables": {…}}`. */
export function readVariables(text: string): Variables {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new IqError(400, 'Bad Request: not JSON');
  }
  return nested(isObject(parsed) ? parsed : {}, 'variables');
}

/** An object among the variables; empty when it is absent. */
export function nested(variables: Variables, name: string): Variables {
  const value = variables[name];
  return isObject(value) ? value : {};
}

/** A text that must be there. */
export function requiredText(variables: Variables, name: string): string {
  const value = variables[name];
  if (typeof value !== 'string') throw new IqError(400, `Bad Request: ${name} is missing`);
  return value;
}

/** A text that may be absent. */
export function optionalText(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
