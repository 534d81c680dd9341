import type { IqRouter } from '../routes/iq-router.js';
import { contentText, stanza } from '../wire/stanza.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { IqError } from '../world/refusal.js';
import { readVariables } from './variables.js';
import type { Variables } from './variables.js';

/** Answers one operation, at once or later: what comes under its path in `data`. */
export type MexOperation = (from: Companion, variables: Variables) => unknown;

/**
 * The service's GraphQL-like queries. A client names an operation by the id under which its query text is stored, and
 * reads the answer under a path of its own; refusals travel inside a successful result.
 */
export class Mex {
  private readonly operations = new Map<string, { path: string; run: MexOperation }>();

  constructor(private readonly core: Core) {}

  on(queryId: string, path: string, run: MexOperation): void {
    this.operations.set(queryId, { path, run });
  }

  async answer(from: Companion, queryId: string, text: string): Promise<object> {
    const operation = this.operations.get(queryId);
    if (!operation) {
      this.core.counters.unknown(`mex ${queryId}`);
      return refusal(501, 'Unknown query id');
    }
    try {
      return { data: { [operation.path]: await operation.run(from, readVariables(text)) } };
    } catch (error) {
      if (error instanceof IqError) return refusal(error.code, error.message);
      throw error;
    }
  }
}

/** Takes the queries from the router. */
export function routeMex(router: IqRouter, mex: Mex): void {
  router.on('get w:mex query', async (from, body) => {
    const answer = await mex.answer(from, body.attrs.query_id ?? '', contentText(body));
    return [stanza('result', {}, Buffer.from(JSON.stringify(answer)))];
  });
}

function refusal(code: number, message: string): object {
  const extensions = { error_code: code, is_retryable: false, severity: 'CRITICAL' };
  return { data: null, errors: [{ message, path: [], extensions }] };
}
