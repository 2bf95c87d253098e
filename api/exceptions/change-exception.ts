import type { Identity } from '../../domain/permission/caller.ts'
import type { ExceptionPermission } from '../../domain/permission/permission.ts'
import type { LifeChange, Said } from '../../store/exception-life.ts'
import type { StoredException } from '../../store/exceptions.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import type { ExceptionWithHistory } from '../schemas/list-schemas.ts'
import { withHistory } from './find-exception.ts'
import { permitException } from './permit-exception.ts'

/**
 * Does what somebody says of an exception, if they may and it can follow, and answers with the exception as it then is.
 * @throws Problem
 */
export async function changeException(
  deps: ApiDependencies,
  identity: Identity,
  what: ExceptionPermission,
  found: StoredException,
  note: string | null,
  change: (said: Said) => Promise<LifeChange | null>,
): Promise<ExceptionWithHistory> {
  await permitException(deps, identity, what, found)
  const changed = await change({ by: identity.actor, at: deps.clock().toISOString(), note })
  if (changed === null) throw new Problem('not_found', `there is no exception ${found.id}`)
  if (!changed.ok) throw new Problem('not_applicable', changed.why)
  return withHistory(deps, changed.exception)
}
