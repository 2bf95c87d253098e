import { type Directory, type Person, resolve } from './directory.ts'
import { awayAt, isAtWork, type StandIn, standInOf } from './presence.ts'

export interface Target {
  /** A person, a role, or `manager`. */
  readonly target: string
  readonly owner: string
  /** So many managers up. */
  readonly level?: number
  /** Told even while away, where nobody stands in: nobody else is left. */
  readonly processOwner: string
}

export interface WhomToTell {
  /** Who is to be told now. Empty: nobody is there, and nobody stands in. */
  readonly people: readonly Person[]
  /** Which of them are told in the place of somebody else. */
  readonly standIns: readonly StandIn[]
  /** There is nobody as far up as `level` asks for: these are the last. */
  readonly top: boolean
  /** Whom the target means, there or not. */
  readonly meant: readonly Person[]
}

/**
 * The people whom a notice goes to now: of those meant the ones who are there (of several, those at work, if any is),
 * or else those who stand in for them.
 */
export function whomToTell(directory: Directory, organisation: string, asked: Target, at: string): WhomToTell {
  const { meant, top } = meantBy(directory, organisation, asked)
  const there = meant.filter(person => awayAt(directory, person, at) === undefined)
  if (there.length > 0) {
    const atWork = there.filter(person => isAtWork(directory, person, at))
    return { people: atWork.length > 0 ? atWork : there, standIns: [], top, meant }
  }
  const found = meant.flatMap(person => {
    const away = awayAt(directory, person, at)
    const standIn = standInOf(directory, person, at)
    return away === undefined || standIn === undefined ? [] : [{ person, standIn, away }]
  })
  if (found.length === 0 && asked.target === asked.processOwner) {
    const here = meant.filter(person => awayAt(directory, person, at)?.because === 'absent')
    return { people: here, standIns: [], top, meant }
  }
  const standIns = found.map(({ person, standIn, away }) => ({ person: standIn.id, insteadOf: person.id, ...away }))
  return { people: [...new Set(found.map(({ standIn }) => standIn))], standIns, top, meant }
}

/** `level` of managers up, as far as there are any. */
function meantBy(directory: Directory, organisation: string, { target, owner, level = 0 }: Target) {
  let meant = resolve(directory, organisation, target, owner)
  for (let climbed = 0; climbed < level; climbed += 1) {
    const above = meant.flatMap(({ id }) => resolve(directory, organisation, 'manager', id))
    if (above.length === 0) return { meant, top: true }
    meant = [...new Set(above)]
  }
  return { meant, top: false }
}
