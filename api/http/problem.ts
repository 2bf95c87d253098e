/** The stable codes of what can go wrong, with the HTTP status and title that each always has. */
export const problemKinds = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Nobody knows who is asking' },
  wrong_credential: { status: 401, title: 'Not this kind of key' },
  key_expired: { status: 401, title: 'The key has expired' },
  key_revoked: { status: 401, title: 'The key was revoked' },
  token_malformed: { status: 401, title: 'The token cannot be read' },
  token_algorithm: { status: 401, title: 'The token is not signed as it must be' },
  token_signature: { status: 401, title: 'The token is forged, or of keys that are no more' },
  token_issuer: { status: 401, title: 'The token is of another issuer' },
  token_audience: { status: 401, title: 'The token is for somebody else' },
  token_expired: { status: 401, title: 'The token has expired' },
  token_not_yet_valid: { status: 401, title: 'The token is not valid yet' },
  token_claims: { status: 401, title: 'The token does not say what it must' },
  unknown_person: { status: 401, title: 'Nobody here is called so' },
  wrong_account: { status: 401, title: 'A person is no service account, nor the reverse' },
  not_permitted: { status: 403, title: 'Not permitted' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Not with this method' },
  order_conflict: { status: 409, title: 'The order number is taken by another order' },
  version_conflict: { status: 409, title: 'The version is taken by another definition' },
  stale: { status: 409, title: 'The order has moved on' },
  closed: { status: 409, title: 'The order is closed' },
  not_applicable: { status: 409, title: 'Not possible as the order stands' },
  does_not_add_up: { status: 409, title: 'The parts are not together what the order is' },
  nothing_left: { status: 409, title: 'Nothing of the order is left' },
  already_shipped: { status: 409, title: 'Goods of the order have been shipped' },
  money_captured: { status: 409, title: 'Money has been captured' },
  strangers: { status: 409, title: 'These orders cannot become one' },
  number_taken: { status: 409, title: 'The order number is taken' },
  irreversible: { status: 409, title: 'Something that cannot be undone is in the way' },
  below_shipped: { status: 409, title: 'More than that has been shipped already' },
  call_in_flight: { status: 409, title: 'What becomes of a call is not known yet' },
  lost: { status: 409, title: 'The workflow of the order is gone' },
  in_progress: { status: 409, title: 'The same request is still being answered' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Not in this format' },
  too_slow: { status: 408, title: 'The request took too long to come' },
  invalid: { status: 422, title: 'Something in the request is wrong' },
  unknown_process: { status: 422, title: 'There is no such process' },
  idempotency_conflict: { status: 422, title: 'The idempotency key was used for another request' },
  check_failed: { status: 422, title: 'The check does not let this definition through' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'An error of ours' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const

export type ProblemCode = keyof typeof problemKinds

/** 401: nobody knows, or believes, who is asking. */
export const identityProblems = (Object.keys(problemKinds) as ProblemCode[]).filter(
  code => problemKinds[code].status === 401,
)

/** What is wrong with one field: its place, dotted, and what to do about it. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

/** Members of a problem beyond those of RFC 9457. */
export interface ProblemDetails {
  readonly errors?: readonly FieldError[]
  readonly [more: string]: unknown
}

/** An answer that is not what was asked for: `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly details: ProblemDetails
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    detail: string,
    details: ProblemDetails = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.code = code
    this.details = details
    this.headers = headers
  }

  get status(): number {
    return problemKinds[this.code].status
  }

  body(): Record<string, unknown> {
    const { status, title } = problemKinds[this.code]
    return {
      type: problemType(this.code),
      title,
      status,
      detail: this.message,
      code: this.code,
      ...this.details,
    }
  }
}

/** Names the kind of problem, for machines; nothing is to be found there. */
export function problemType(code: ProblemCode): string {
  return `urn:nolimbo:problem:${code}`
}

/** 422: what is wrong with which field. */
export function invalid(errors: readonly FieldError[], code: ProblemCode = 'invalid'): Problem {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return new Problem(code, first === undefined ? 'invalid' : `${first.field}: ${first.message}${more}`, { errors })
}

const retryAfterSeconds = 2

/** 503: it may work in a moment, by itself. */
export function unavailable(detail: string): Problem {
  return new Problem('unavailable', detail, {}, { 'Retry-After': String(retryAfterSeconds) })
}
