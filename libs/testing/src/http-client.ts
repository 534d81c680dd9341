/** An answer, read. */
export interface HttpAnswer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** Calls a JSON API with one token. */
export class HttpClient {
  constructor(
    private readonly baseUrl: () => string,
    readonly token: string | null,
  ) {}

  get url(): string {
    return this.baseUrl();
  }

  /** `call('POST /v1/sessions', { name })`; a text body is sent as it is. */
  async call<T = Record<string, unknown>>(
    route: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer<T>> {
    const [method = 'GET', path = '/'] = route.split(' ');
    const response = await fetch(this.baseUrl() + path, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  /** The body of an answer that must be a success. */
  async ok<T = Record<string, unknown>>(route: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.call<T>(route, body, headers);
    if (answer.status >= 300) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
