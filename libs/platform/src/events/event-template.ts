const PLACEHOLDERS = ['tenantId', 'sessionId', 'type'] as const;

/** What a name made from a template may depend on. */
export interface TemplateEvent {
  tenantId: string;
  sessionId: string | null;
  type: string;
}

/** The text without its placeholders: what is left is a name's own. Null when it has a placeholder that there is not. */
export function literalsOf(template: string): string | null {
  const literals = template.replace(/\{(tenantId|sessionId|type)\}/g, '');
  return /[{}]/.test(literals) ? null : literals;
}

/** Whether the name is the same for every event. */
export const isFixed = (template: string): boolean => !PLACEHOLDERS.some((name) => template.includes(`{${name}}`));

/** The name for one event; what an event has not is `none`. */
export const fillTemplate = (template: string, event: TemplateEvent): string =>
  template.replace(/\{(tenantId|sessionId|type)\}/g, (_, name: (typeof PLACEHOLDERS)[number]) => event[name] || 'none');
