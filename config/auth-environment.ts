import { z } from 'zod'

/* The part of the environment that says who may ask, and how much. Read by `environment.ts`. */

const authKinds = ['demo', 'keys', 'oidc'] as const
/** How callers say who they are. Several may hold side by side: what is sent tells which it is. */
export type AuthKind = (typeof authKinds)[number]

export interface AuthSettings {
  readonly kinds: readonly AuthKind[]
  /** With the kind `oidc`. */
  readonly oidc?: OidcSettings
}

export interface OidcSettings {
  readonly issuer: string
  readonly audience: string
  /** Undefined: the issuer's discovery document names it. */
  readonly jwksUrl?: string
  readonly algorithms: readonly string[]
  readonly clockSkewS: number
  readonly subjectClaim: string
  /** Undefined: roles are the directory's. */
  readonly rolesClaim?: string
  /** Undefined: the organisation is the directory's, `main` for who is not in it. */
  readonly organisationClaim?: string
  /** A token with this value in this claim is of a service account; undefined: one whose `sub` is its client. */
  readonly serviceClaim?: { readonly name: string; readonly value: string }
}

/** Requests a minute. */
export interface RateLimits {
  /** For each caller who is known. */
  readonly perIdentity: number
  /** For each address: of requests that need no key, and of those whose key was no good. */
  readonly perAddress: number
}

/** Asymmetric ones only: with a shared secret, whoever can check a token can make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

const text = z.string().min(1)
const listOf = <T extends string>(part: z.ZodType<T, string>) =>
  z
    .string()
    .transform(list => list.split(',').map(one => one.trim()))
    .pipe(z.array(part).min(1))
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.int().min(least, `at least ${least}`).max(most, `at most ${most}`))
const secureUrl = z.string().refine(isSecureUrl, 'an https:// address (http:// on a loopback address only)')

export const authVariables = {
  NOLIMBO_AUTH: listOf(
    z.enum(authKinds, { error: ({ input }) => `there is no "${input}"; only ${authKinds.join(', ')}` }),
  ).optional(),
  NOLIMBO_OIDC_ISSUER: secureUrl.optional(),
  NOLIMBO_OIDC_AUDIENCE: text.optional(),
  NOLIMBO_OIDC_JWKS_URL: secureUrl.optional(),
  NOLIMBO_OIDC_ALGORITHMS: listOf(
    z.enum(algorithms, { error: ({ input }) => `"${input}" is not one of ${algorithms.join(', ')}` }),
  ).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
  NOLIMBO_OIDC_CLOCK_SKEW_S: wholeNumber(0, 300).default(30),
  NOLIMBO_OIDC_SUBJECT_CLAIM: text.default('sub'),
  NOLIMBO_OIDC_ROLES_CLAIM: text.optional(),
  NOLIMBO_OIDC_ORGANISATION_CLAIM: text.optional(),
  NOLIMBO_OIDC_SERVICE_CLAIM: z
    .string()
    .regex(/^[^=]+=.+$/, 'written like "idtyp=app": a claim and its value')
    .optional(),
  NOLIMBO_RATE_LIMIT: wholeNumber(1, 100_000_000).default(30_000),
  NOLIMBO_RATE_LIMIT_ADDRESS: wholeNumber(1, 100_000_000).default(600),
}

const object = z.object(authVariables)
type Read = z.infer<typeof object>

/** What is wrong with the variables taken together. */
export function authFlaws(read: Read, host: string): { variable: keyof Read; message: string }[] {
  const kinds = read.NOLIMBO_AUTH
  if (kinds === undefined) {
    if (isLoopback(host)) return []
    return [{ variable: 'NOLIMBO_AUTH', message: `must be set where HOST (${host}) is not a loopback address` }]
  }
  const flaws: { variable: keyof Read; message: string }[] = []
  if (kinds.includes('demo') && !isLoopback(host)) {
    const message = `demo keys are for a loopback address only, and HOST is ${host}: use keys or oidc`
    flaws.push({ variable: 'NOLIMBO_AUTH', message })
  }
  if (kinds.includes('oidc')) {
    for (const variable of ['NOLIMBO_OIDC_ISSUER', 'NOLIMBO_OIDC_AUDIENCE'] as const) {
      if (read[variable] === undefined) flaws.push({ variable, message: 'must be set where NOLIMBO_AUTH has oidc' })
    }
  }
  return flaws
}

export function authOf(read: Read): AuthSettings {
  const kinds = [...new Set(read.NOLIMBO_AUTH ?? (['demo'] as const))]
  return { kinds, ...(kinds.includes('oidc') ? { oidc: oidcOf(read) } : {}) }
}

export function rateLimitsOf(read: Read): RateLimits {
  return { perIdentity: read.NOLIMBO_RATE_LIMIT, perAddress: read.NOLIMBO_RATE_LIMIT_ADDRESS }
}

function oidcOf(read: Read): OidcSettings {
  const [name = '', ...value] = read.NOLIMBO_OIDC_SERVICE_CLAIM?.split('=') ?? []
  return {
    issuer: read.NOLIMBO_OIDC_ISSUER ?? '',
    audience: read.NOLIMBO_OIDC_AUDIENCE ?? '',
    ...(read.NOLIMBO_OIDC_JWKS_URL && { jwksUrl: read.NOLIMBO_OIDC_JWKS_URL }),
    algorithms: read.NOLIMBO_OIDC_ALGORITHMS,
    clockSkewS: read.NOLIMBO_OIDC_CLOCK_SKEW_S,
    subjectClaim: read.NOLIMBO_OIDC_SUBJECT_CLAIM,
    ...(read.NOLIMBO_OIDC_ROLES_CLAIM && { rolesClaim: read.NOLIMBO_OIDC_ROLES_CLAIM }),
    ...(read.NOLIMBO_OIDC_ORGANISATION_CLAIM && { organisationClaim: read.NOLIMBO_OIDC_ORGANISATION_CLAIM }),
    ...(name !== '' && { serviceClaim: { name, value: value.join('=') } }),
  }
}

/** Only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** Keys that travel in clear could be replaced on their way. */
function isSecureUrl(given: string): boolean {
  if (!URL.canParse(given)) return false
  const { protocol, hostname } = new URL(given)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')))
}
