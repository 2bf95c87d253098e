import type { NoticeOutcome } from '../domain/core/input.ts'
import { isReachable, type Person } from '../domain/directory.ts'
import type { StandIn } from '../domain/presence.ts'
import type { ActivityDependencies } from './create-activities.ts'

/** Something that people are to be told. Whom it means today has been resolved. */
export interface Telling {
  readonly organisation: string
  /** Unique within the organisation: the same again tells nobody twice. */
  readonly id: string
  /** Null: it is about no order. */
  readonly orderNo: string | null
  readonly people: readonly Person[]
  /** Which of them are told in the place of somebody who is not there. */
  readonly standIns?: readonly StandIn[]
  readonly about: string
  /** What it is about: `step:approval`, `review:2`, `exception:x1`. */
  readonly subject: string
  readonly at: string
  readonly title: { readonly en: string; readonly zh: string }
}

/** Tells each of them by their channels, and says what became of it. Throws where the store is away. */
export async function tellPeople(deps: Pick<ActivityDependencies, 'store'>, telling: Telling): Promise<NoticeOutcome> {
  const people = telling.people.filter(isReachable)
  if (people.length === 0) {
    return { ok: false, reason: `nobody who is meant has a channel: ${telling.people.map(({ id }) => id).join(', ')}` }
  }
  const { organisation, id, orderNo, about, subject, at, title } = telling
  const standIns = (telling.standIns ?? []).filter(({ person }) => people.some(({ id }) => id === person))
  await deps.store.insertNotices(
    people.map(person => ({
      organisation,
      id,
      orderNo,
      person: person.id,
      channel: 'inbox',
      subject: { about, subject, process: title, ...insteadOf(standIns, person.id) },
      at,
    })),
  )
  const persons = people.map(person => person.id)
  return { ok: true, persons, channel: 'inbox', ...(standIns.length > 0 && { standIns }) }
}

/** So that they see why it comes to them. */
function insteadOf(standIns: readonly StandIn[], person: string): { insteadOf?: readonly Omit<StandIn, 'person'>[] } {
  const theirs = standIns.filter(standIn => standIn.person === person)
  return theirs.length === 0 ? {} : { insteadOf: theirs.map(({ person: _person, ...whom }) => whom) }
}
