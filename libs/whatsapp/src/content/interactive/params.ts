/** Parameters of native flows: JSON that a stranger may have written. */
export type Params = Record<string, unknown>;

/** An object out of JSON; empty when it is none. */
export function parseParams(json: string | null | undefined): Params {
  try {
    return asParams(JSON.parse(json ?? '{}'));
  } catch {
    return {};
  }
}

export const asParams = (value: unknown): Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : {};

export const asList = (value: unknown): Params[] => (Array.isArray(value) ? value.map(asParams) : []);

/** A text; empty when it is none. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export const asNumber = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** The given fields without those that are empty. */
export function present<T extends Record<string, string | null | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as { [K in keyof T]?: string };
}
