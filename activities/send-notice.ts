import type { NoticeOutcome } from '../domain/core/input.ts'
import type { PendingNotice } from '../domain/core/pending.ts'
import { type Directory, type Person, resolve } from '../domain/directory.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import type { Carried, NoticeActivityInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { tellPeople } from './tell-people.ts'

/** Tells the people that a notice's target means today, each by their channels. */
export function sendNotice(
  deps: Pick<ActivityDependencies, 'store' | 'directory'>,
  append: AppendJournal,
): (input: NoticeActivityInput) => Promise<Carried<NoticeOutcome>> {
  return async input => {
    const passing = appendInPassing(append, input.journal)
    const { organisation, orderNo, notice, title } = input
    const people = peopleOf(deps.directory(), organisation, notice)
    const { about, subject, at } = notice
    const id = `${orderNo}/${notice.id}`
    const outcome: NoticeOutcome =
      people.length === 0
        ? { ok: false, reason: `nobody is ${notice.target}` }
        : await tellPeople(deps, { organisation, id, orderNo, people, about, subject, at, title })
    return { outcome, ...(await passing) }
  }
}

/** Whom it means today; `level` of their managers up, as far as there are any. */
function peopleOf(directory: Directory, organisation: string, notice: PendingNotice): readonly Person[] {
  let people = resolve(directory, organisation, notice.target, notice.owner)
  for (let level = 0; level < (notice.level ?? 0); level += 1) {
    const above = people.flatMap(({ id }) => resolve(directory, organisation, 'manager', id))
    if (above.length === 0) break
    people = [...new Set(above)]
  }
  return people
}
