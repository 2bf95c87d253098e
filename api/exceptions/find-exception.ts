import type { Identity } from '../../domain/permission/caller.ts'
import type { StoredException } from '../../store/exceptions.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import type { ExceptionBody, ExceptionWithHistory } from '../schemas/list-schemas.ts'

/** One of the caller's organisation. @throws Problem not_found */
export async function findException(
  deps: Pick<ApiDependencies, 'store'>,
  { organisation }: Identity,
  id: string,
): Promise<StoredException> {
  const found = await deps.store.getException(organisation, id)
  if (found === null) throw new Problem('not_found', `there is no exception ${id}`)
  return found
}

/** As it is shown: how far its ladder has climbed is the clock's business. */
export function exceptionBody(exception: StoredException): ExceptionBody {
  const { organisation: _organisation, climb: _climb, climbsSince: _since, clock: _clock, ...body } = exception
  return body
}

export async function withHistory(
  deps: Pick<ApiDependencies, 'store'>,
  exception: StoredException,
): Promise<ExceptionWithHistory> {
  const entries = await deps.store.exceptionHistory(exception.organisation, exception.id)
  const history = entries.map(({ organisation: _organisation, exception: _exception, ...entry }) => entry)
  return { ...exceptionBody(exception), history }
}
