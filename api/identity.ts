import { createHash, timingSafeEqual } from 'node:crypto'
import type { Environment } from '../config/environment.ts'
import { isLoopback } from '../config/environment.ts'
import type { Directory, Person } from '../domain/directory.ts'
import type { Identity } from '../domain/permission/caller.ts'

/** Who sends this `Authorization` header; undefined: nobody that is known. */
export type Authenticate = (authorization: string | undefined) => Identity | undefined

/**
 * The keys of the demo: `demo-<person>` for each person of the directory.
 * @throws Error where others than this machine could use them.
 */
export function demoKeys(directory: Directory, environment: Pick<Environment, 'auth' | 'host'>): Authenticate {
  if (environment.auth !== 'demo' || !isLoopback(environment.host)) {
    throw new Error(`demo keys are for a loopback address only, and HOST is ${environment.host}`)
  }
  const keys = directory.people.map(person => ({ digest: digest(`demo-${person.id}`), identity: identityOf(person) }))
  return authorization => {
    const given = digest(/^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '')
    // Every key is compared, so that the time it takes tells nothing.
    let identity: Identity | undefined
    for (const key of keys) if (timingSafeEqual(key.digest, given)) identity = key.identity
    return identity
  }
}

function identityOf({ id, roles, organisation }: Person): Identity {
  return { actor: id, roles, organisation }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
