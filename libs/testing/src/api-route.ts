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

/** The same for a URL of which the compiler does not know everything: what it does not know may be anything, too. */
type MayFit<Url extends string[], Path extends string[]> = Path extends [infer P, ...infer Ps extends string[]]
  ? Url extends [infer U, ...infer Us extends string[]]
    ? P extends `{${string}}`
      ? string extends U
        ? Us extends []
          ? true
          : MayFit<Us, Ps>
        : MayFit<Us, Ps>
      : U extends P
        ? MayFit<Us, Ps>
        : P extends U
          ? Us extends []
            ? true
            : MayFit<Us, Ps>
          : false
    : false
  : Url extends []
    ? true
    : false;

type WithoutQuery<Url extends string> = Url extends `${infer Path}?${string}` ? Path : Url;
type PathSegments = { [P in keyof paths]: Segments<P> };
type PathOf<Url extends string> = {
  [P in keyof paths]: Fits<Segments<Url>, PathSegments[P]> extends true ? P : never;
}[keyof paths];
type PossiblePathOf<Url extends string> = {
  [P in keyof paths]: MayFit<Segments<Url>, PathSegments[P]> extends true ? P : never;
}[keyof paths];

/** The operation of `GET /v1/sessions/${id}`; never for a route that the API has not. */
export type OperationOf<Route extends string> = Route extends `${infer Method} ${infer Url}`
  ? PathOf<WithoutQuery<Url>> extends infer P extends keyof paths
    ? Lowercase<Method> extends keyof paths[P]
      ? NonNullable<paths[P][Lowercase<Method>]>
      : never
    : never
  : never;

/** What the compiler shows for a route that is not in the document, or not yet. */
interface NoSuchRoute {
  error: 'The API has no such route. Is it new? Run `npm run client:generate`.';
}

/** Nothing more to ask of a route that there is; a text that fits none of another one. */
export type Known<Route extends string> = [OperationOf<Route>] extends [never] ? NoSuchRoute : unknown;

/** The same for a route that is put together at run time: as far as the compiler knows it, there is one like it. */
export type Possible<Route extends string> = string extends Route
  ? unknown
  : Route extends `${infer Method} ${infer Url}`
    ? string extends Method
      ? unknown
      : Url extends `/${string}`
        ? true extends HasMethod<Lowercase<Method>, PossiblePathOf<WithoutQuery<Url>>>
          ? unknown
          : NoSuchRoute
        : unknown
    : NoSuchRoute;

type HasMethod<Method extends string, P extends keyof paths> = P extends keyof paths
  ? Method extends keyof paths[P]
    ? [NonNullable<paths[P][Method]>] extends [never]
      ? false
      : true
    : false
  : never;

/** What a route answers when it succeeds. */
export type AnswerOf<Route extends string> =
  OperationOf<Route> extends { responses: infer Responses }
    ? ContentOf<Responses[keyof Responses & (200 | 201 | 202)]>
    : never;

type ContentOf<Response> = Response extends { content: infer Content } ? Content[keyof Content] : undefined;
