import type { Directory } from '../../domain/directory.ts'
import { awayAt, inPlaceOf, standInOf } from '../../domain/presence.ts'
import type { PersonRoles } from '../../domain/view/who-can.ts'

/** These persons, and whoever stands in for those of them who are not there. */
export function thoseWhoAct(
  directory: Directory,
  organisation: string,
  ids: readonly string[],
  at: string,
): PersonRoles[] {
  const named = directory.people.filter(person => person.organisation === organisation && ids.includes(person.id))
  const acting = named.flatMap(person =>
    awayAt(directory, person, at) === undefined ? person : (standInOf(directory, person, at) ?? []),
  )
  return [...new Set(acting)].map(person => ({
    id: person.id,
    roles: person.roles,
    ...inPlaceOf(directory, person, at),
  }))
}
