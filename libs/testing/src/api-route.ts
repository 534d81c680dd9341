import type { paths } from '@app/client/api.js';

type Segments<P extends string> = P extends `${infer Head}/${infer Tail}` ? [Head, ...Segments<Tail>] : [P];

/** Whether the segments of a URL are those of a path, of which `{…}` may be anything. */
type Fits<Url extends string[], Path extends string[]> = Path extends [infer P, ...infer Ps extends string[]]
  ? Url extends [infer U, ...infer Us extends string[]]
    ? P extends `{${string}}`
      ? Fits<Us, Ps>
      : U extends P
        ? Fits<Us, Ps>
        : false
    : false
  : Url extends []
    ? true
    : false;

type WithoutQuery<Url extends string> = Url extends `${infer Path}?${string}` ? Path : Url;
type QueryIn<Route extends string> = Route extends `${string}?${infer Query}` ? Query : '';
type PathSegments = { [P in keyof paths]: Segments<P> };
type FittingPath<Url extends string> = {
  [P in keyof paths]: Fits<Segments<Url>, PathSegments[P]> extends true ? P : never;
}[keyof paths];

/** Of `/blocked` and `/{contactId}`, which both fit, the one that says more. */
type MostExact<P extends keyof paths, All extends keyof paths = P> = P extends keyof paths
  ? [Exclude<All, P>] extends [never]
    ? P
    : true extends IsCoveredBy<P, Exclude<All, P>>
      ? never
      : P
  : never;
type IsCoveredBy<P extends keyof paths, Others extends keyof paths> = Others extends keyof paths
  ? Fits<PathSegments[Others], PathSegments[P]>
  : never;

/** The operation of `GET /v1/sessions/${id}`; never for a route that the API has not. */
type OperationOf<Route extends string> = Route extends `${infer Method} ${infer Url}`
  ? MostExact<FittingPath<WithoutQuery<Url>>> extends infer P extends keyof paths
    ? Lowercase<Method> extends keyof paths[P]
      ? NonNullable<paths[P][Lowercase<Method>]>
      : never
    : never
  : never;

type Nothing = Record<never, never>;
/** `never` is how the document says that there are none. */
type Given<T> = [NonNullable<T>] extends [never] ? Nothing : NonNullable<T>;
type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } } ? Given<Query> : Nothing;

/** A `name=value` of the query, if there is no such parameter, or the value is not one of its values. */
type WrongPairs<Query extends string, Parameters> = Query extends `${infer Pair}&${infer Others}`
  ? WrongPairs<Pair, Parameters> | WrongPairs<Others, Parameters>
  : Query extends `${infer Name}=${infer Value}`
    ? Name extends keyof Parameters
      ? IsValue<Value, NonNullable<Parameters[Name]>> extends true
        ? never
        : Query
      : Query
    : Query extends ''
      ? never
      : Query;

type IsValue<Value extends string, Parameter> = string extends Parameter
  ? true
  : [Parameter] extends [readonly (infer Item)[]]
    ? AreValues<Value, Item>
    : [Value] extends [`${Extract<Parameter, string | number | boolean>}`]
      ? true
      : false;
type AreValues<Value extends string, Item> = string extends Value
  ? true
  : Value extends `${infer First},${infer Rest}`
    ? IsValue<First, Item> extends true
      ? AreValues<Rest, Item>
      : false
    : IsValue<Value, Item>;

/** Nothing more to ask of a route that there is; what the compiler shows for any other. */
export type Known<Route extends string> = [OperationOf<Route>] extends [never]
  ? { error: 'The API has no such route. Is it new? Run `npm run client:generate`.' }
  : [WrongPairs<QueryIn<Route>, QueryOf<OperationOf<Route>>>] extends [never]
    ? unknown
    : { error: `It takes no such query: ${WrongPairs<QueryIn<Route>, QueryOf<OperationOf<Route>>>}` };

/** What a route answers when it succeeds. */
export type AnswerOf<Route extends string> = SuccessOf<OperationOf<Route>>;
type SuccessOf<Operation> = Operation extends { responses: infer Responses }
  ? ContentOf<Responses[keyof Responses & (200 | 201 | 202)]>
  : undefined;
type ContentOf<Response> = Response extends { content: infer Content } ? Content[keyof Content] : undefined;

/** What a route takes: its body, or, for `GET`, its query. */
export type InputOf<Route extends string> = Route extends `GET ${string}`
  ? SomeOf<QueryOf<OperationOf<Route>>>
  : BodyOf<OperationOf<Route>>;
type SomeOf<Query> = [keyof Query] extends [never] ? undefined : Query;
type BodyOf<Operation> = Operation extends { requestBody?: infer Body }
  ? NonNullable<Body> extends { content: infer Content }
    ? { [Type in keyof Content]: Type extends 'multipart/form-data' ? FormData : Content[Type] }[keyof Content]
    : undefined
  : undefined;

type CommonHeaders = Partial<Record<'accept' | 'range' | 'if-range' | 'if-none-match', string>>;
type HeadersOf<Operation> = Operation extends { parameters: { header?: infer Headers } }
  ? [NonNullable<Headers>] extends [never]
    ? CommonHeaders
    : CommonHeaders & NonNullable<Headers>
  : CommonHeaders;

/** What comes after the route: a body that it needs cannot be left out. */
export type Inputs<Route extends string> =
  NeedsInput<Route> extends true
    ? [input: InputOf<Route>, headers?: HeadersOf<OperationOf<Route>>]
    : [input?: InputOf<Route>, headers?: HeadersOf<OperationOf<Route>>];
type NeedsInput<Route extends string> = Route extends `GET ${string}`
  ? QueryIn<Route> extends ''
    ? Nothing extends QueryOf<OperationOf<Route>>
      ? false
      : true
    : false
  : OperationOf<Route> extends { requestBody: object }
    ? true
    : false;
