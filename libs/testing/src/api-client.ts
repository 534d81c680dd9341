import { createClient, type ProblemDto, type SwitchboardClient } from '@app/client/client.js';
import type { AnswerOf, Inputs, Known } from './api-route.js';
import { type HttpAnswer, HttpClient } from './http-client.js';

/** The answer of a route, as a success or as a problem: tests look into both. */
export type OutcomeOf<Route extends string> = (AnswerOf<Route> extends undefined ? unknown : AnswerOf<Route>) &
  Partial<Pick<ProblemDto, 'code' | 'detail' | 'errors'>>;

/** `GET /chats` of `/v1/sessions/ses_1` is `GET /v1/sessions/ses_1/chats`. */
type Under<Base extends string, Route extends string> = Route extends `${infer Method} ${infer Path}`
  ? `${Method} ${Base}${Path}`
  : `${Route} ${Base}`;

type Request = (method: string, path: string, init: object) => Promise<ClientAnswer>;
interface ClientAnswer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** The API of a gateway for one token, or all of it that is below a path: calls go through the client that its users have. */
export class ApiClient<Base extends string = ''> {
  private readonly http: HttpClient;

  constructor(
    private readonly baseUrl: () => string,
    readonly token: string | null,
    private readonly base: Base,
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

  /** For short routes: `session.api.under('/chats').ok('GET ?limit=1')`. */
  under<const Path extends string>(path: Path): ApiClient<`${Base}${Path}`> {
    return new ApiClient(this.baseUrl, this.token, `${this.base}${path}`);
  }

  /** The answer of a call that must succeed: `ok('POST /v1/sessions', { name: 'Sales' })`; the second argument of a `GET` is its query. */
  async ok<const R extends string>(
    route: R & Known<Under<Base, R>>,
    ...[input, headers]: Inputs<Under<Base, R>>
  ): Promise<AnswerOf<Under<Base, R>>> {
    const { status, body } = await this.request(route, input, headers);
    if (status >= 300) throw new Error(`${route}: ${status} ${JSON.stringify(body)}`);
    return body as AnswerOf<Under<Base, R>>;
  }

  /** The same with its status, whether it succeeds or not. */
  async call<const R extends string>(
    route: R & Known<Under<Base, R>>,
    ...[input, headers]: Inputs<Under<Base, R>>
  ): Promise<HttpAnswer<OutcomeOf<Under<Base, R>>>> {
    const answer = await this.request(route, input, headers);
    return { ...answer, body: answer.body as OutcomeOf<Under<Base, R>> };
  }

  /** The bytes that a route answers with; none when it refuses. */
  async download<const R extends string>(
    route: R & Known<Under<Base, R>>,
    ...[input, headers]: Inputs<Under<Base, R>>
  ): Promise<HttpAnswer<Buffer>> {
    const answer = await this.request(route, input, headers, 'arrayBuffer');
    return { ...answer, body: answer.status < 300 ? Buffer.from(answer.body as ArrayBuffer) : Buffer.alloc(0) };
  }

  /** Any request, past the client: for what it would not let through, such as a wrong body. A text is sent as it is. */
  raw(route: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer<Partial<ProblemDto>>> {
    return this.http.call(this.routeOf(route), body, headers);
  }

  private async request(
    route: string,
    input: unknown,
    headers?: object,
    parseAs = 'text',
  ): Promise<HttpAnswer<unknown>> {
    const [method = '', path = ''] = this.routeOf(route).split(' ');
    const given = method === 'GET' ? { params: { query: input } } : { body: input };
    const form = input instanceof FormData && { bodySerializer: (body: FormData) => body };
    // The compiler has looked the route up; the client would do it only for one that has no values yet.
    const request = this.client.request as unknown as Request;
    const { data, error, response } = await request(method, path, { ...given, ...form, headers, parseAs });
    const isJson = response.headers.get('content-type')?.includes('json');
    const body: unknown = isJson && typeof data === 'string' ? JSON.parse(data) : (data ?? error ?? '');
    return { status: response.status, headers: response.headers, body };
  }

  private routeOf(route: string): string {
    const [method = '', path = ''] = route.split(' ');
    return `${method} ${this.base}${path}`;
  }
}
