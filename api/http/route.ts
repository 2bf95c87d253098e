import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Identity } from '../../domain/permission/caller.ts'
import type { ProblemCode } from './problem.ts'

/** What a route was asked, judged and in its types. */
export interface Asked<Found, Query, Body> {
  /** Of whoever asks; of an open route, nobody. */
  readonly identity: Identity
  readonly params: Readonly<Record<string, string>>
  readonly found: Found
  readonly query: Query
  readonly body: Body
  readonly idempotencyKey?: string
  /** The one of these content types that the caller likes best, as the header Accept says; undefined: none. */
  readonly prefers: (types: readonly string[]) => string | undefined
  /** Carries the request's id, and goes on into the line that is logged about it. */
  readonly log: Logger
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
  /** Instead of a body: sent as it comes, as one of the content types of `alsoAs`. */
  readonly stream?: { readonly type: string; readonly chunks: AsyncIterable<string> }
  readonly headers?: Readonly<Record<string, string>>
}

/** One row of the table that the server and its OpenAPI document are both made from. */
export interface RouteSpec<Found, Query, Body> {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As OpenAPI writes it: `/api/orders/{orderNo}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** Nobody has to say who they are. */
  readonly open?: true
  readonly params?: Readonly<Record<string, z.ZodType<string>>>
  /** Looks for what the path names, before anything else of the request is judged. @throws Problem not_found */
  readonly find?: (params: Readonly<Record<string, string>>, identity: Identity) => Promise<Found>
  readonly query?: z.ZodType<Query>
  /** The answer must not be kept anywhere, not even for an `Idempotency-Key`. */
  readonly answersSecret?: true
  readonly body?: z.ZodType<Body>
  /** The route takes the body as the text that it is, in one of these formats. */
  readonly textBody?: { readonly formats: readonly string[]; readonly schema: z.ZodType }
  readonly answers: Readonly<
    Record<
      number,
      {
        readonly description: string
        readonly schema?: z.ZodType
        readonly type?: string
        /** Content types besides, whose content is text. */
        readonly alsoAs?: readonly string[]
      }
    >
  >
  /** Beyond those that any route may answer with. */
  readonly problems: readonly ProblemCode[]
  /** The request asks only what would happen: its Idempotency-Key is left for the one that does it. */
  readonly changesNothing?: (query: Query) => boolean
  readonly handle: (asked: Asked<Found, Query, Body>) => Promise<Answer>
}

// The table holds routes of different types: what a row asks for, its own `handle` gets.
export type Route = RouteSpec<never, never, never>

export function route<Found = undefined, Query = undefined, Body = undefined>(
  spec: RouteSpec<Found, Query, Body>,
): Route {
  return spec as unknown as Route
}
