import { createClient, type ProblemDto, type SwitchboardClient } from '@app/client/client.js';
import type { AnswerOf, Known } from './api-route.js';
import { type HttpAnswer, HttpClient } from './http-client.js';

/** The answer of a route, as a success or as a problem: tests look into both. */
type BodyOf<Route extends string> = (AnswerOf<Route> extends undefined ? unknown : AnswerOf<Route>) &
  Partial<Pick<ProblemDto, 'code' | 'detail' | 'errors'>>;

/** Without its type a route must be one that the API has. */
type Untold<T> = [T] extends [never] ? never : string;

/** The API of a gateway, for one token: as the client that its users have, and as plain HTTP for what that would not let through. */
export class ApiClient {
  /** For routes that are put together at run time, which no compiler can look up. */
  readonly http: HttpClient;

  constructor(
    private readonly baseUrl: () => string,
    readonly token: string | null,
  ) {
    this.http = new HttpClient(baseUrl, token);
  }

  /** Another one after a restart, when the gateway has another address. */
  get client(): SwitchboardClient {
    return createClient({ baseUrl: this.url, token: this.token });
  }

  get url(): string {
    return this.baseUrl();
  }

  /** Any request, also a wrong one: `call('POST /v1/sessions', { name: 7 })`; a text body is sent as it is. */
  call<const R extends string>(
    route: R & Known<R>,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer<BodyOf<R>>>;
  call<T = never>(route: Untold<T>, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer<T>>;
  call(route: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer<unknown>> {
    return this.http.call(route, body, headers);
  }

  /** The body of an answer that must be a success. */
  ok<const R extends string>(
    route: R & Known<R>,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<AnswerOf<R>>;
  ok<T = never>(route: Untold<T>, body?: unknown, headers?: Record<string, string>): Promise<T>;
  ok(route: string, body?: unknown, headers?: Record<string, string>): Promise<unknown> {
    return this.http.ok(route, body, headers);
  }
}
