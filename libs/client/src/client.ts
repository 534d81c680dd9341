import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths, ProblemDto } from './api.js';

export type * from './api.js';

/** One function per method, as in `client.GET('/v1/sessions/{sessionId}', { params: { path: { sessionId } } })`. */
export type SwitchboardClient = Client<paths>;

export interface SwitchboardOptions {
  /** Where the gateway is, such as `https://gateway.example.com`. */
  baseUrl: string;
  /** The token of a user, or the operator's; null for what is public. */
  token: string | null;
  /** In place of the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A client of the API, for one token. */
export function createClient({ baseUrl, token, fetch }: SwitchboardOptions): SwitchboardClient {
  return createFetchClient<paths>({
    baseUrl,
    fetch,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    // Lists in a query are `a,b`: shorter than the name several times.
    querySerializer: { array: { style: 'form', explode: false } },
  });
}

/** What a call of the client answers. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The gateway said no; programs look at `code`, people at the message. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    /** Null when the answer came from something in between that knows nothing of problems. */
    readonly problem: ProblemDto | null,
    url: string,
  ) {
    super(problem ? `${problem.code}: ${problem.detail}` : `${status} from ${url}`);
  }

  get code(): string | null {
    return this.problem?.code ?? null;
  }
}

/** What a call answers when it succeeds; throws a `ProblemError` when it does not. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw new ProblemError(response.status, isProblem(error) ? error : null, response.url);
}

const isProblem = (error: unknown): error is ProblemDto =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
