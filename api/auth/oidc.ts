import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { OidcSettings } from '../../config/auth-environment.ts'
import type { Directory } from '../../domain/directory.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { type Problem, unavailable } from '../http/problem.ts'
import { refused, shortened } from './account.ts'
import { identityOfClaims } from './claims.ts'

/** A signing key that is not known is looked for, but not more often than this: strangers can make up any. */
const cooldownMs = 5_000
const keptMs = 10 * 60_000
const timeoutMs = 5_000

/** Who a bearer token of the issuer is of. */
export function holderOfToken(
  settings: OidcSettings,
  { directory, clock }: { readonly directory: () => Promise<Directory>; readonly clock: () => Date },
): (token: string) => Promise<Identity> {
  const { issuer, audience, algorithms, clockSkewS } = settings
  const keyOf = signingKeys(settings)
  return async token => {
    const now = clock()
    const { payload } = await jwtVerify(token, keyOf, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockSkewS,
      requiredClaims: ['exp'],
      currentDate: now,
    }).catch((error: unknown) => {
      throw refusalOf(error, settings)
    })
    return identityOfClaims(settings, await directory(), payload, now.toISOString())
  }
}

/** The issuer's keys: kept, and fetched anew when one is asked for that is not among them. */
function signingKeys({ issuer, jwksUrl }: OidcSettings): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined
  const open = async () => {
    const url = new URL(jwksUrl ?? (await discoveredUrl(issuer)))
    return createRemoteJWKSet(url, { cooldownDuration: cooldownMs, cacheMaxAge: keptMs, timeoutDuration: timeoutMs })
  }
  return async (header, token) => {
    keys ??= open().catch(error => {
      keys = undefined
      throw error
    })
    return (await keys)(header, token)
  }
}

/** @throws IssuerAway */
async function discoveredUrl(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' }).catch(
    () => undefined,
  )
  const found = (await response?.json().catch(() => undefined)) as { issuer?: unknown; jwks_uri?: unknown } | undefined
  if (!response?.ok || typeof found?.jwks_uri !== 'string') throw new IssuerAway(`${url} does not answer`)
  if (found.issuer !== issuer) throw new IssuerAway(`${url} speaks for another issuer`)
  return found.jwks_uri
}

class IssuerAway extends Error {
  override readonly name = 'IssuerAway'
}

/** Its own code for everything that can be wrong with a token; 503 where it is not the token's fault. */
function refusalOf(error: unknown, { issuer, audience, algorithms }: OidcSettings): Problem {
  if (error instanceof errors.JWTExpired) return refused('token_expired', 'the token has expired')
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusal(error, issuer, audience)
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return refused('token_algorithm', `the token is not signed with ${algorithms.join(', ')}`)
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return refused('token_signature', 'the signature of the token is wrong')
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return refused('token_signature', 'the token is signed with a key that the issuer does not publish')
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return refused('token_malformed', 'this looks like a token, but cannot be read')
  }
  if (error instanceof errors.JOSENotSupported) return refused('token_algorithm', error.message)
  return unavailable(`the issuer ${issuer} cannot be asked for its keys`)
}

function claimRefusal(
  { claim, reason, payload }: { claim: string; reason: string; payload: JWTPayload },
  issuer: string,
  audience: string,
): Problem {
  if (claim === 'iss' && reason !== 'missing') {
    return refused('token_issuer', `the token is of ${shortened(String(payload.iss))}, not of ${issuer}`)
  }
  if (claim === 'aud' && reason !== 'missing') return refused('token_audience', `the token is not for ${audience}`)
  if (claim === 'nbf' && reason === 'check_failed') {
    return refused('token_not_yet_valid', 'the token is not valid yet')
  }
  return refused('token_claims', `the claim "${claim}" is ${reason === 'missing' ? 'missing' : 'wrong'}`)
}
