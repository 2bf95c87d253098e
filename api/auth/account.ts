import type { Directory, Person } from '../../domain/directory.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { awayAt } from '../../domain/presence.ts'
import { Problem } from '../http/problem.ts'

/** Names that the journal uses for what is nobody. */
const reservedActors = ['clock', 'notice', 'signal', 'temporal', 'system', 'worker', 'api', 'nolimbo']

/** Why no service account can be called so; undefined: it can. */
export function serviceNameFlaw(directory: Directory, name: string): string | undefined {
  if (!isIdentifier(name)) return 'a lower-case name of at most 40 letters, digits, "-" and "_"'
  if (reservedActors.includes(name)) return `"${name}" is what the journal calls something that is nobody`
  if (directory.people.some(({ id, service }) => id === name && !service)) return `"${name}" is a person`
  return
}

function isIdentifier(name: string): boolean {
  return /^[a-z][a-z0-9_-]{0,39}$/.test(name)
}

/** The one entry of the directory that is called so; undefined: none, or several organisations have one. */
export function accountNamed(directory: Directory, id: string, organisation?: string): Person | undefined {
  const found = directory.people.filter(
    one => one.id === id && (organisation === undefined || one.organisation === organisation),
  )
  return found.length === 1 ? found[0] : undefined
}

export function identityOf({ id, roles, organisation, service }: Person): Identity {
  return { actor: id, roles, organisation, ...(service && { service }) }
}

/** A person with the roles that they have at this time. @throws Problem unknown_person or wrong_account */
export function personOf(directory: Directory, id: string, at: string, organisation?: string): Identity {
  const person = accountNamed(directory, id, organisation)
  if (person === undefined) throw refused('unknown_person', `nobody here is called "${shortened(id)}"`)
  if (person.service) throw refused('wrong_account', `"${id}" is a service account: no person signs in as it`)
  if (awayAt(directory, person, at)?.because === 'left') throw refused('unknown_person', `"${id}" works here no more`)
  return identityOf(person)
}

type Refusal = 'unauthenticated' | 'unknown_person' | 'wrong_account' | KeyRefusal | TokenRefusal
type KeyRefusal = 'wrong_credential' | 'key_expired' | 'key_revoked'
type TokenRefusal =
  | 'token_malformed'
  | 'token_algorithm'
  | 'token_signature'
  | 'token_issuer'
  | 'token_audience'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_claims'

/** 401, with the challenge that RFC 6750 asks for. */
export function refused(code: Refusal, detail: string): Problem {
  const described = detail.replaceAll(/[^\x20-\x7e]|["\\]/g, "'")
  const challenge = `Bearer realm="nolimbo", error="invalid_token", error_description="${described}"`
  return new Problem(code, detail, {}, { 'WWW-Authenticate': challenge })
}

/** What a stranger sent, in words that fit a line. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
