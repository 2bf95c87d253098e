import { localDate } from './calendar/local-date.ts'
import { workingBetween } from './calendar/working-time.ts'
import { type Absence, type Directory, isReachable, type Person, personNamed } from './directory.ts'

/* Who is there today, and who stands in for those who are not. */

/** Why somebody is not there. `until`: the last day. */
export type Away = { readonly because: 'absent'; readonly until: string } | { readonly because: 'left' }

/** A person who acts, or is told, in the place of another one who is not there. */
export interface StandIn {
  readonly person: string
  readonly insteadOf: string
  readonly because: Away['because']
  readonly until?: string
}

/** Undefined: they are there. */
export function awayAt(directory: Directory, person: Person, at: string): Away | undefined {
  const today = todayOf(directory, person, at)
  if (person.left !== undefined && person.left <= today) return { because: 'left' }
  const absence = absenceOn(person, today)
  return absence && { because: 'absent', until: absence.until }
}

/**
 * Who stands in for a person who is not there: the first of their deputies, and the deputies of those, who is; else
 * their manager, or whoever stands in for that one. Undefined: nobody.
 */
export function standInOf(directory: Directory, person: Person, at: string): Person | undefined {
  const asked = new Set([person.id])
  for (let above: Person | undefined = person; above !== undefined; above = managerOf(directory, above, asked)) {
    if (above !== person && isThere(directory, above, at)) return above
    const deputy = deputyOf(directory, above, at)
    if (deputy !== undefined) return deputy
  }
  return
}

/** Those whom a person stands in for now. */
export function absentOf(directory: Directory, stander: Person, at: string): { person: Person; away: Away }[] {
  if (!isThere(directory, stander, at)) return []
  return directory.people.flatMap(person => {
    if (person.organisation !== stander.organisation || person.service || person.id === stander.id) return []
    const away = awayAt(directory, person, at)
    return away !== undefined && standInOf(directory, person, at) === stander ? [{ person, away }] : []
  })
}

/** For whom a person acts now, and with which roles: of somebody who has left only their tasks are taken over. */
export function inPlaceOf(
  directory: Directory,
  person: Person,
  at: string,
): { standsInFor?: { id: string; because: Away['because']; roles: readonly string[] }[] } {
  const absent = absentOf(directory, person, at)
  if (absent.length === 0) return {}
  return {
    standsInFor: absent.map(({ person: { id, roles }, away: { because } }) => ({
      id,
      because,
      roles: because === 'left' ? [] : roles,
    })),
  }
}

/** The ids of those of an organisation who have left. */
export function thoseWhoLeft(directory: Directory, organisation: string, at: string): string[] {
  return directory.people
    .filter(person => person.organisation === organisation && awayAt(directory, person, at)?.because === 'left')
    .map(({ id }) => id)
}

/** Without those who have left; whoever had one of them as manager has the next one up. */
export function withoutThoseWhoLeft(directory: Directory, at: string): Directory {
  const hasLeft = (person: Person) => awayAt(directory, person, at)?.because === 'left'
  if (!directory.people.some(hasLeft)) return directory
  const people = directory.people
    .filter(person => !hasLeft(person))
    .map(person => {
      const { manager: _manager, ...rest } = person
      const asked = new Set([person.id])
      let above = managerOf(directory, person, asked)
      while (above !== undefined && hasLeft(above)) above = managerOf(directory, above, asked)
      return above === undefined ? rest : { ...rest, manager: above.id }
    })
  return { ...directory, people }
}

/** Whether it is within their working hours; without a calendar it always is. */
export function isAtWork({ calendars }: Directory, { calendar }: Person, at: string): boolean {
  const compiled = calendar === undefined ? undefined : calendars?.[calendar]
  return compiled === undefined || workingBetween(compiled, Date.parse(at), Date.parse(at) + 60_000) > 0
}

function isThere(directory: Directory, person: Person, at: string): boolean {
  return person.service === undefined && isReachable(person) && awayAt(directory, person, at) === undefined
}

/** The first who is there of their deputy, the deputy's deputy, and so on. */
function deputyOf(directory: Directory, person: Person, at: string): Person | undefined {
  const asked = new Set([person.id])
  let current = person
  for (;;) {
    const id = absenceOn(current, todayOf(directory, current, at))?.deputy ?? current.deputy
    const next = id === undefined || asked.has(id) ? undefined : personNamed(directory, person.organisation, id)
    if (next === undefined || isThere(directory, next, at)) return next
    asked.add(next.id)
    current = next
  }
}

function managerOf(directory: Directory, person: Person, asked: Set<string>): Person | undefined {
  if (person.manager === undefined || asked.has(person.manager)) return
  asked.add(person.manager)
  return personNamed(directory, person.organisation, person.manager)
}

/** Days are those of the person's own calendar. */
function todayOf({ calendars }: Directory, { calendar }: Person, at: string): string {
  const compiled = calendar === undefined ? undefined : calendars?.[calendar]
  return localDate(compiled ?? { offsets: [] }, at)
}

function absenceOn(person: Person, today: string): Absence | undefined {
  return person.absences?.find(({ from, until }) => from <= today && today <= until)
}

/** Whether somebody is a manager of a person, or of their manager, and so on. */
export function isAbove(people: readonly Person[], id: string, person: Person): boolean {
  const asked = new Set([person.id])
  let above = person.manager
  while (above !== undefined && !asked.has(above)) {
    if (above === id) return true
    asked.add(above)
    above = people.find(other => other.id === above)?.manager
  }
  return false
}
