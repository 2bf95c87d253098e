import type { JWTPayload } from 'jose'
import type { OidcSettings } from '../../config/auth-environment.ts'
import type { Directory } from '../../domain/directory.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { accountNamed, personOf, refused, serviceNameFlaw } from './account.ts'

/** Who the claims of a token speak of: a person of the directory, or a service account. @throws Problem 401 */
export function identityOfClaims(
  settings: OidcSettings,
  directory: Directory,
  claims: JWTPayload,
  at: string,
): Identity {
  const { subjectClaim, rolesClaim, organisationClaim } = settings
  const organisation = organisationClaim === undefined ? undefined : textOf(claims, organisationClaim)
  const roles = rolesClaim === undefined ? undefined : rolesOf(claims, rolesClaim)
  if (isService(settings, claims)) {
    return serviceOf(directory, clientOf(claims) ?? textOf(claims, 'sub'), organisation, roles)
  }
  const person = personOf(directory, textOf(claims, subjectClaim), at, organisation)
  return { ...person, roles: roles ?? person.roles }
}

function serviceOf(
  directory: Directory,
  name: string,
  organisation: string | undefined,
  roles: readonly string[] | undefined,
): Identity {
  const flaw = serviceNameFlaw(directory, name)
  if (flaw !== undefined)
    throw refused('wrong_account', `the token is of a service account, and its name is not: ${flaw}`)
  const listed = accountNamed(directory, name, organisation)
  const given = roles ?? listed?.roles
  if (given === undefined) {
    throw refused('unknown_person', `the directory has no service "${name}", and NOLIMBO_OIDC_ROLES_CLAIM is not set`)
  }
  return { actor: name, roles: given, organisation: listed?.organisation ?? organisation ?? 'main', service: true }
}

/** Without a claim that says so: as RFC 9068 has it, the subject of a client's own token is the client. */
function isService({ serviceClaim }: OidcSettings, claims: JWTPayload): boolean {
  if (serviceClaim !== undefined) return String(claimOf(claims, serviceClaim.name)) === serviceClaim.value
  const client = clientOf(claims)
  return client !== undefined && client === claims.sub
}

function clientOf({ client_id, azp }: JWTPayload): string | undefined {
  const client = client_id ?? azp
  return typeof client === 'string' ? client : undefined
}

function textOf(claims: JWTPayload, name: string): string {
  const value = claimOf(claims, name)
  if (typeof value === 'string' && value !== '') return value
  throw refused('token_claims', `the claim "${name}" is ${value === undefined ? 'missing' : 'no text'}`)
}

function rolesOf(claims: JWTPayload, name: string): string[] {
  const value = claimOf(claims, name)
  if (typeof value === 'string') return value.split(' ').filter(role => role !== '')
  if (Array.isArray(value) && value.every(role => typeof role === 'string')) return value
  const flaw = value === undefined ? 'missing' : 'neither a list of texts nor a text'
  throw refused('token_claims', `the claim "${name}" is ${flaw}`)
}

/** By its name or, where there is none of that name, along the dots of it: `realm_access.roles`. */
function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((here, part) => {
    return typeof here === 'object' && here !== null && Object.hasOwn(here, part)
      ? (here as Record<string, unknown>)[part]
      : undefined
  }, claims)
}
