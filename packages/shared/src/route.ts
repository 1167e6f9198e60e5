import type { z } from 'zod';

/** Who may call a route. `public` asks for nothing. */
export type Role = 'viewer' | 'operator' | 'trader' | 'service';
export const ROLES: readonly Role[] = ['viewer', 'operator', 'trader', 'service'];

/** Everybody who is somebody may read. */
export const READERS: readonly Role[] = ROLES;
export const OPERATORS: readonly Role[] = ['operator', 'service'];
export const TRADERS: readonly Role[] = ['trader', 'service'];

/**
 * One endpoint, defined once: the server validates with it, the client is typed by it,
 * the OpenAPI page and the authorisation test are generated from it.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Express path with the service's own names: `/proof/:index`. */
  readonly path: string;
  readonly summary: string;
  /** Roles that may call it, or `public` for health, ready, ping and metrics. */
  readonly roles: readonly Role[] | 'public';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: Response;
  /** The response is text of this type, such as a page, and not JSON; of a PDF it is bytes. */
  readonly contentType?:
    'text/html' | 'text/csv' | 'application/x-ndjson' | 'text/event-stream' | 'application/pdf';
  /** Status of a plain success; 200 unless told. */
  readonly successStatus?: number;
  /** How long the client waits and the server works, in ms; the service's default unless told. */
  readonly timeoutMs?: number;
}

export type Api = Readonly<Record<string, Route>>;

/** Keeps the exact types of a route. */
export function route<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodType,
>(definition: Route<Params, Query, Body, Response>): Route<Params, Query, Body, Response> {
  return definition;
}

type ParamsOf<R> = R extends Route<infer P, z.ZodType, z.ZodType, z.ZodType> ? P : never;
type QueryOf<R> = R extends Route<z.ZodType, infer Q, z.ZodType, z.ZodType> ? Q : never;
type BodyOf<R> = R extends Route<z.ZodType, z.ZodType, infer B, z.ZodType> ? B : never;
type ResponseOf<R> = R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A> ? A : never;

type Part<Key extends string, Value> = [Value] extends [undefined]
  ? Readonly<Partial<Record<Key, undefined>>>
  : undefined extends Value
    ? Readonly<Partial<Record<Key, Value>>>
    : Readonly<Record<Key, Value>>;

/** What a caller gives: before parsing, so queries are what goes on the wire. */
export type Input<R> = Part<'params', z.input<ParamsOf<R>>> &
  Part<'query', z.input<QueryOf<R>>> &
  Part<'body', z.input<BodyOf<R>>>;

/** What a handler gets: parsed. */
export interface Parsed<R> {
  readonly params: z.output<ParamsOf<R>>;
  readonly query: z.output<QueryOf<R>>;
  readonly body: z.output<BodyOf<R>>;
}

/** What a handler answers and a caller gets. */
export type Output<R> = z.output<ResponseOf<R>>;
