import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line and audit row of a piece of work carries. */
export interface RequestContext {
  requestId?: string;
  tenantId?: string;
  sessionId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs work (a request, a job, a session's event) in a context of its own. */
export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** The context of the work at hand; an empty one outside of any. */
export const currentContext = (): Readonly<RequestContext> => storage.getStore() ?? {};

/** Adds what became known on the way, such as the tenant once the credential was checked. */
export function extendContext(facts: RequestContext): void {
  const store = storage.getStore();
  if (store) Object.assign(store, facts);
}
