import type { Logger } from 'pino'
import { type AuthKind, type AuthSettings, isLoopback } from '../../config/auth-environment.ts'
import type { Directory } from '../../domain/directory.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { Problem } from '../http/problem.ts'
import { accountNamed, identityOf, personOf, refused } from './account.ts'
import { holderOfKey } from './api-keys.ts'
import { looksLikeKey } from './key-text.ts'
import type { KnownKeys } from './known-keys.ts'
import { holderOfToken } from './oidc.ts'

/** Who sends this `Authorization` header. @throws Problem 401 */
export type Authenticate = (authorization: string | undefined) => Promise<Identity>

export interface AuthDependencies {
  readonly auth: AuthSettings
  readonly host: string
  /** Today's. */
  readonly directory: () => Promise<Directory>
  readonly keys: KnownKeys
  readonly clock: () => Date
  readonly logger: Logger
}

const words: Readonly<Record<AuthKind, string>> = { demo: 'a demo key', keys: 'an API key', oidc: 'an OIDC token' }
const demoPrefix = 'demo-'

/** @throws Error where others than this machine could use demo keys. */
export function authenticator(deps: AuthDependencies): Authenticate {
  const { auth, host, directory, clock } = deps
  if (auth.kinds.includes('demo') && !isLoopback(host)) {
    throw new Error(`demo keys are for a loopback address only, and HOST is ${host}`)
  }
  const byToken = auth.oidc && holderOfToken(auth.oidc, deps)
  const here = auth.kinds.map(kind => words[kind]).join(' or ')
  return async authorization => {
    if (authorization === undefined || authorization === '') {
      const challenge = { 'WWW-Authenticate': 'Bearer realm="nolimbo"' }
      throw new Problem('unauthenticated', 'send Authorization: Bearer <key>', {}, challenge)
    }
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    const kind = token && kindOf(token)
    if (!token || !kind) throw refused('unauthenticated', `this is not "Bearer" and ${here}`)
    if (!auth.kinds.includes(kind)) throw refused('wrong_credential', `this is ${words[kind]}; send ${here}`)
    switch (kind) {
      case 'demo':
        return demoPerson(await directory(), token.slice(demoPrefix.length), clock().toISOString())
      case 'keys':
        return holderOfKey({ ...deps, directory: await directory() }, token)
      case 'oidc':
        return byToken!(token)
      default:
        return kind satisfies never
    }
  }
}

/** What it looks like tells what it is; undefined: like nothing that is known. */
function kindOf(token: string): AuthKind | undefined {
  if (token.startsWith(demoPrefix)) return 'demo'
  if (looksLikeKey(token)) return 'keys'
  return /^[\w-]+\.[\w-]*\.[\w-]*$/.test(token) ? 'oidc' : undefined
}

/** `demo-<person>` for each person of the directory: no secret, and so for this machine alone. */
function demoPerson(directory: Directory, id: string, at: string): Identity {
  const person = accountNamed(directory, id)
  if (person === undefined) throw refused('unauthenticated', 'this key is not known')
  return person.service ? identityOf(person) : personOf(directory, id, at)
}
