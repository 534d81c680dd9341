import { createClient, type ProblemDto, type SwitchboardClient } from '@app/client/client.js';
import type { AnswerOf, Known, Possible } from './api-route.js';
import { type HttpAnswer, HttpClient } from './http-client.js';

/** The answer of a route, as a success or as a problem: tests look into both. */
export type BodyOf<Route extends string> = (AnswerOf<Route> extends undefined ? unknown : AnswerOf<Route>) &
  Partial<Pick<ProblemDto, 'code' | 'detail' | 'errors'>>;

type Headers = Record<string, string>;

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
  call<const R extends string>(route: R & Known<R>, body?: unknown, headers?: Headers): Promise<HttpAnswer<BodyOf<R>>>;
  call<T = Record<string, unknown>, const R extends string = string>(
    route: R & Possible<R>,
    body?: unknown,
    headers?: Headers,
  ): Promise<HttpAnswer<T>>;
  call(route: string, body?: unknown, headers?: Headers): Promise<HttpAnswer<unknown>> {
    return this.http.call(route, body, headers);
  }

  /** The body of an answer that must be a success. */
  ok<const R extends string>(route: R & Known<R>, body?: unknown, headers?: Headers): Promise<AnswerOf<R>>;
  ok<T = Record<string, unknown>, const R extends string = string>(
    route: R & Possible<R>,
    body?: unknown,
    headers?: Headers,
  ): Promise<T>;
  ok(route: string, body?: unknown, headers?: Headers): Promise<unknown> {
    return this.http.ok(route, body, headers);
  }
}
