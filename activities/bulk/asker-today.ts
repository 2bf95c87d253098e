import type { BulkOrder } from '../../domain/bulk/bulk.ts'
import { type Directory, personNamed } from '../../domain/directory.ts'
import { asToday } from '../../domain/permission/as-today.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { awayAt } from '../../domain/presence.ts'
import type { ApiKeyRow } from '../../store/api-keys.ts'

/** Why nothing is done any more for whoever asked for a bulk. */
export interface Gone {
  readonly gone: string
}

type Asker = Pick<BulkOrder, 'organisation' | 'actor' | 'roles' | 'service'>

/**
 * Whoever asked for a bulk, as they are now: with the roles that the directory gives them today; where somebody else
 * had given them (a token, an API key of a service), with those that they came with.
 */
export async function askerToday(
  { organisation, actor, roles, service }: Asker,
  directory: Directory,
  keysOfService: (organisation: string, actor: string) => Promise<readonly ApiKeyRow[]>,
  at: string,
): Promise<Identity | Gone> {
  const listed = personNamed(directory, organisation, actor)
  if (service) {
    const keys = await keysOfService(organisation, actor)
    const good = keys.filter(key => key.revokedAt === null && (key.expiresAt === null || key.expiresAt > at))
    if (keys.length > 0 && good.length === 0) return { gone: `every key of "${actor}" is revoked or has expired` }
    const known = roles ?? (listed?.service ? listed.roles : undefined)
    if (known === undefined) return { gone: `there is no service account "${actor}" any more` }
    return { actor, roles: known, organisation, service: true }
  }
  if (listed === undefined || listed.service) return { gone: `there is nobody called "${actor}" any more` }
  if (awayAt(directory, listed, at)?.because === 'left') return { gone: `"${actor}", who asked, works here no more` }
  return asToday(directory, { actor, roles: roles ?? listed.roles, organisation }, at)
}
